"""Does what was written still work? Asked by running it: once before it is written, once after."""
