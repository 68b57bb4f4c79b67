"""Edits -> disk: all or nothing, and undoable."""
