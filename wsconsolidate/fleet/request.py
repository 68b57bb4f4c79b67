"""What a worker is asked."""

from dataclasses import dataclass

from wsconsolidate.fleet.manifest import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A repository with the key of the record that is kept of it, and its limits.

    `seconds` are on the clock, `memory` is in bytes.
    """

    repository: Repository
    kept: str | None
    seconds: float
    memory: int
