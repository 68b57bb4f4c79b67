"""The process that examines one repository within limits: its argument is the request, its output the answer.

It ends when its stdin does: a worker that was killed leaves no child behind.
"""

import json
import os
import sys
import threading
from dataclasses import asdict
from pathlib import Path

from wsconsolidate.fleet.examine import Unchanged, examine
from wsconsolidate.fleet.manifest import Repository
from wsconsolidate.fleet.record import to_line
from wsconsolidate.fleet.request import Request

UNCHANGED = "unchanged"
_ORPHANED = 3


def to_text(request: Request, scratch: Path) -> str:
    """The argument of the child; `scratch` is an empty folder."""
    return json.dumps({**asdict(request), "scratch": str(scratch)})


def main() -> None:
    """Answer the one request."""
    asked = json.loads(sys.argv[1])
    threading.Thread(target=_watch, daemon=True).start()
    _limit_memory(asked["memory"])
    scratch = Path(asked["scratch"])
    os.environ["GIT_CEILING_DIRECTORIES"] = str(scratch.parent)  # what is unpacked lies in no work tree
    answer = examine(Repository(**asked["repository"]), asked["kept"], scratch)
    sys.stdout.write(UNCHANGED if isinstance(answer, Unchanged) else to_line(answer))


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
