"""Runs classes of the analysed program against fake sockets, and tells all that came of it.

A program of its own: the interpreter of the analysed code runs it, so it knows nothing of the tool
and every import is relative or of the standard library. From stdin it reads a job, to stdout it
writes a line of JSON before and after each target. While it runs there is no network, no other
process and no file written; the clock is virtual, random numbers and ids are the same in every run.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import IO, Any

PACKAGE = "wsconsolidate"


def main() -> None:
    """Do the job that stdin describes."""
    job = json.load(sys.stdin)
    told = _private_stdout()
    sys.path[:0] = job["paths"]
    sys.meta_path.append(_Runtime(job["runtime"]))

    from . import frozen

    frozen.freeze()  # before anything is imported that keeps a clock of its own
    from . import guard
    from .scenario import Probe

    guard.arm(job["scratch"])
    probe = Probe(root=job["root"], spoken=job["spoken"])
    for number in job["wanted"]:
        _tell(told, {"begun": number})
        _tell(told, {"done": number, **probe.run(job["targets"][number])})
    told.close()
    os._exit(0)  # threads of the program have no say in when this ends


def _private_stdout() -> IO[str]:
    """Where results go; what the program prints goes nowhere."""
    told = os.fdopen(os.dup(1), "w", encoding="utf-8")
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return told


def _tell(told: IO[str], what: dict[str, Any]) -> None:
    told.write(json.dumps(what) + "\n")
    told.flush()


class _Runtime:
    """Finds the bundled runtime where the interpreter has it not installed, and nothing else."""

    def __init__(self, folder: str) -> None:
        self._folder = Path(folder)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> Any:
        """The spec of the tool's own package, asked for last."""
        del path, target
        if name != PACKAGE:
            return None
        init = self._folder / "__init__.py"
        return importlib.util.spec_from_file_location(
            name, init, submodule_search_locations=[str(self._folder)]
        )
