"""From the facts of all files to one linked program."""
