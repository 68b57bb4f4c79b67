"""Our orders against CPython's: imports real packages in subprocesses and compares every class.

`python -m tests.oracle PACKAGE...` prints the table; `stdlib` names the standard library.
"""
