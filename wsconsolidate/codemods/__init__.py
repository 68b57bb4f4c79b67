"""Findings -> edits: plan what becomes of which file, with libcst."""
