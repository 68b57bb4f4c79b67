"""Findings -> edits: rewrites with libcst, one file each."""
