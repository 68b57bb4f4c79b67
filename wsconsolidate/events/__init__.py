"""Program + roles -> the status of each class for each event, and the event's way to the socket."""
