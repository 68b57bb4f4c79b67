"""One store per kind of broker, behind one interface: the logs of all users, for all processes."""
