"""One adapter per kind of socket; nothing here imports a framework, a socket is known by what it can do."""
