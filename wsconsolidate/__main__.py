"""`python -m wsconsolidate`."""

import sys

from wsconsolidate.cli.app import main

if __name__ == "__main__":
    sys.exit(main())
