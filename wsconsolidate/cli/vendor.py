"""`wsconsolidate vendor DIR`: a copy of the runtime that needs no wsconsolidate."""

from pathlib import Path
from typing import Annotated

import typer

from wsconsolidate.cli.output import emit, say

Directory = Annotated[Path, typer.Argument(metavar="DIR", help="The package to write, new or an older copy.")]


def vendor(directory: Directory, quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False) -> None:
    """Copy the runtime into the code base; the copy works under any name."""
    from wsconsolidate import vendor as copying

    written = copying.vendor(directory)
    emit("".join(f"{path}\n" for path in written), None)
    if not quiet:
        done = f"wrote {len(written)} files" if written else "is up to date"
        say(f"wsconsolidate: {directory} {done}")
