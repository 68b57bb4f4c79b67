"""The manifest of a run as JSON: the run's record for users, and what recovery goes by."""

import json
from pathlib import PurePosixPath
from typing import Any

from wsconsolidate import __version__
from wsconsolidate.apply.run import File, FileChange, Link, Run, Shape, State
from wsconsolidate.model.check import Check

FORMAT = 1


class ManifestError(Exception):
    """The text is no manifest of this format."""


def write(run: Run) -> bytes:
    """The manifest of a run."""
    document = {
        "format": FORMAT,
        "tool": {"name": "wsconsolidate", "version": __version__},
        "run": run.id,
        "time": run.time,
        "state": run.state,
        "checks": {name: _check_out(check) for name, check in run.checks.items()},
        "folders": list(run.folders),
        "files": [
            {
                "path": change.path,
                "place": change.place,
                "before": _shape_out(change.before),
                "after": _shape_out(change.after),
            }
            for change in run.changes
        ],
    }
    return (json.dumps(document, indent=2) + "\n").encode()


def read(data: bytes) -> Run:
    """The run that a manifest describes; all its places are below the root.

    Raises:
        ManifestError: it is damaged, of another format, or names a place outside of the root.
    """
    try:
        said = json.loads(data)
        if said["format"] != FORMAT:
            raise ManifestError(f"format {said['format']}, this version reads format {FORMAT}")
        return Run(
            id=said["run"],
            time=said["time"],
            state=State(said["state"]),
            checks={name: _check_in(check) for name, check in said["checks"].items()},
            folders=tuple(_place_in(folder) for folder in said["folders"]),
            changes=tuple(
                FileChange(
                    path=entry["path"],
                    place=_place_in(entry["place"]),
                    before=_shape_in(entry["before"]),
                    after=_shape_in(entry["after"]),
                )
                for entry in said["files"]
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ManifestError(f"not a manifest: {error!r}") from error


def _check_out(check: Check) -> dict[str, object]:
    return {
        "held": check.held,
        "tried": check.tried,
        "untried": list(check.untried),
        "against": list(check.against),
    }


def _check_in(entry: dict[str, Any]) -> Check:
    return Check(
        held=entry["held"],
        tried=entry["tried"],
        untried=tuple(entry["untried"]),
        against=tuple(entry["against"]),
    )


def _shape_out(shape: Shape) -> dict[str, str] | None:
    match shape:
        case File(digest, mode):
            return {"sha256": digest, "mode": f"{mode:04o}"}
        case Link(text):
            return {"link": text}
        case None:
            return None


def _shape_in(entry: dict[str, str] | None) -> Shape:
    if entry is None:
        return None
    if "link" in entry:
        return Link(entry["link"])
    return File(entry["sha256"], int(entry["mode"], 8))


def _place_in(text: str) -> str:
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ManifestError(f"{text!r} is no place below the root")
    return text
