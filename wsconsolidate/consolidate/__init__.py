"""Decide duplicates, the source of truth and what is to become of each class."""
