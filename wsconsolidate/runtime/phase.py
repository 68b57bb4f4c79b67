"""The life of a connection as a table: plain until its client resumes, then a session; pure."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from .errors import WebSocketStateError


class Phase(StrEnum):
    """Where a connection stands."""

    PLAIN = "plain"
    REPLAYING = "replaying"
    LIVE = "live"
    DRAINING = "draining"
    CLOSED = "closed"


class Step(StrEnum):
    """What may happen to it."""

    RESUME = "resume"
    CAUGHT_UP = "caught up"
    DRAIN = "drain"
    CLOSE = "close"


STEPS: Mapping[tuple[Phase, Step], Phase] = MappingProxyType(
    {
        (Phase.PLAIN, Step.RESUME): Phase.REPLAYING,
        (Phase.LIVE, Step.RESUME): Phase.REPLAYING,
        (Phase.REPLAYING, Step.RESUME): Phase.REPLAYING,
        (Phase.REPLAYING, Step.CAUGHT_UP): Phase.LIVE,
        (Phase.REPLAYING, Step.DRAIN): Phase.DRAINING,
        (Phase.LIVE, Step.DRAIN): Phase.DRAINING,
        (Phase.PLAIN, Step.CLOSE): Phase.CLOSED,
        (Phase.REPLAYING, Step.CLOSE): Phase.CLOSED,
        (Phase.LIVE, Step.CLOSE): Phase.CLOSED,
        (Phase.DRAINING, Step.CLOSE): Phase.CLOSED,
    }
)


def after(phase: Phase, step: Step) -> Phase:
    """The phase that follows.

    Raises:
        WebSocketStateError: that step cannot be taken there.
    """
    try:
        return STEPS[phase, step]
    except KeyError:
        raise WebSocketStateError(f"a connection that is {phase} cannot {step}") from None


def diagram() -> str:
    """The table as a Mermaid state diagram, for the documentation."""
    lines = ["stateDiagram-v2", f"    [*] --> {Phase.PLAIN}"]
    lines += [f"    {before} --> {then}: {step}" for (before, step), then in STEPS.items()]
    return "\n".join([*lines, f"    {Phase.CLOSED} --> [*]"])
