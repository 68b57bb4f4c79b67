"""Draws docs/images/scan.svg from what the command really prints; `--check` only compares the words.

    python docs/images/draw.py

The command runs on a pseudo-terminal, as a reader would run it.
"""

import html
import io
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

PICTURE = Path(__file__).with_name("scan.svg")
REPOSITORY = Path(__file__).parents[2]
COMMAND = ("scan", "fixtures/legacy_chat/input")
COLUMNS = 120
LINES = 34

_TEXT = re.compile(r"<text[^>]*clip-path[^>]*>(.*?)</text>", re.DOTALL)


def printed() -> str:
    """What the command prints on a terminal: its first lines, with colours."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": str(COLUMNS), "LINES": "50"}
    environment.pop("NO_COLOR", None)
    command = [sys.executable, "-m", "wsconsolidate", *COMMAND, "--quiet"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, cwd=REPOSITORY, env=environment) as process:  # noqa: S603 - our own command
        os.close(theirs)
        output = _read(ours)
    if process.returncode != 0:
        raise SystemExit(f"{' '.join(command)}: exit code {process.returncode}")
    return "\n".join(output.decode().replace("\r\n", "\n").split("\n")[:LINES])


def _read(handle: int) -> bytes:
    """Everything up to the end, which Linux reports as an error."""
    pieces = []
    with open(handle, "rb", buffering=0) as stream:
        try:
            while piece := stream.read(65536):
                pieces.append(piece)
        except OSError:
            pass
    return b"".join(pieces)


def picture(output: str) -> str:
    """The output as an SVG of a terminal window."""
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(output))
    title = f"wsconsolidate {' '.join(COMMAND)}  (its first {LINES} lines)"
    drawn = console.export_svg(title=title, unique_id="scan")
    return "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"


def words(svg: str) -> list[str]:
    """The words that a picture shows, however it is drawn."""
    return html.unescape(" ".join(_TEXT.findall(svg))).split()


def main() -> None:
    """Draw the picture, or say that it is stale."""
    drawn = picture(printed())
    if "--check" not in sys.argv[1:]:
        PICTURE.write_text(drawn, encoding="utf-8", newline="\n")
    elif not PICTURE.exists() or words(drawn) != words(PICTURE.read_text("utf-8")):
        raise SystemExit(f"{PICTURE} is stale: run python docs/images/draw.py")


if __name__ == "__main__":
    main()
