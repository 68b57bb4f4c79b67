"""What a worker is asked, and how it passes that on to its child."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from wsconsolidate.fleet.manifest import Repository

UNCHANGED = "unchanged"
"""What the child answers about a repository whose record is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A repository with the key of the record that is kept of it, and its limits.

    `seconds` are on the clock, `memory` is in bytes.
    """

    repository: Repository
    kept: str | None
    seconds: float
    memory: int


def to_text(request: Request, digest: str | None, scratch: Path) -> str:
    """The argument of the child: `digest` of the content if it is known, `scratch` an empty folder."""
    return json.dumps({**asdict(request), "digest": digest, "scratch": str(scratch)})
