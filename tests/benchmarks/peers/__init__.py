"""The runtime beside what people use instead: the same events, clients and machine, in one run."""
