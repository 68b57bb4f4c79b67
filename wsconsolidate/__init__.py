"""wsconsolidate finds, proves and consolidates the WebSocket event code of a Python back end."""

__version__ = "0.1.0"
