"""The process that examines one repository within limits: its argument is the request, its output the answer.

It ends when its stdin does: a worker that was killed leaves no child behind.
"""

import json
import os
import sys
import threading
from pathlib import Path

from wsconsolidate.fleet.examine import examine
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import to_line
from wsconsolidate.fleet.request import UNCHANGED

_ORPHANED = 3


def main() -> None:
    """Answer the one request."""
    asked = json.loads(sys.argv[1])
    threading.Thread(target=_watch, daemon=True).start()
    _limit_memory(asked["memory"])
    scratch = Path(asked["scratch"])
    os.environ["GIT_CEILING_DIRECTORIES"] = str(scratch.parent)  # what is unpacked lies in no work tree
    answer = examine(Repository(**asked["repository"]), asked["digest"], asked["kept"], scratch)
    sys.stdout.write(to_line(answer) if answer else UNCHANGED)


def _watch() -> None:
    os.read(sys.stdin.fileno(), 1)
    os._exit(_ORPHANED)


def _limit_memory(size: int) -> None:
    """Let no more than `size` bytes be mapped, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (size, size))


if __name__ == "__main__":
    main()
