"""Analysis -> findings; one file per rule, whose docstring is its documentation page."""
