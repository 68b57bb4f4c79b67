"""Is anybody there? Decided from times alone; pure."""

from dataclasses import dataclass

ANSWER_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """The signs of life of a connection, in seconds of one clock.

    `seen` is when the peer was last heard; `blocked_since` when a write began that has not
    ended. A socket that cannot be asked (`can_ping` False: an ASGI server pings by itself) is
    never called stale for being silent.
    """

    seen: float
    blocked_since: float | None
    can_ping: bool


def is_unanswered(signs: Signs, asked: float, now: float) -> bool:
    """True when the peer was asked whether it is there, and has had time enough to say so."""
    return signs.can_ping and signs.seen < asked and now - asked > ANSWER_SECONDS


def is_stale(signs: Signs, now: float, stale_after: float) -> bool:
    """True when the peer has not been heard, or has not read, for too long."""
    silent = signs.can_ping and now - signs.seen > stale_after
    stuck = signs.blocked_since is not None and now - signs.blocked_since > stale_after
    return silent or stuck
