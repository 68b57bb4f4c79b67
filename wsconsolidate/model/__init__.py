"""The vocabulary: frozen data that every stage speaks, without I/O."""
