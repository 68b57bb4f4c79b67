"""What became of one rung of the ladder that every rewrite climbs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """Whether a rung held: what was tried, what could not be and why, and what was found against the run."""

    held: bool
    tried: str
    untried: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
