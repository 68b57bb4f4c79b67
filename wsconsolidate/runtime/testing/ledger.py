"""The loss ledger: what was accepted against what each client saw; pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial


@dataclass(slots=True, kw_only=True)
class Tally:
    """What the ledger found: `missing` events are the silent losses, `announced` ones are those in gaps.

    `repeated` events came again after a gap of which nobody knows the size: all that there is is sent.
    """

    accepted: int = 0
    delivered: int = 0
    missing: int = 0
    announced: int = 0
    duplicated: int = 0
    repeated: int = 0
    reordered: int = 0
    cross_user: int = 0

    @property
    def is_clean(self) -> bool:
        """True when nothing was lost in silence, came twice, out of order, or to somebody else."""
        return not (self.missing or self.duplicated or self.reordered or self.cross_user)

    def __add__(self, other: "Tally") -> "Tally":
        names = self.__dataclass_fields__
        return Tally(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(slots=True)
class Witness:
    """What one client saw of its user's events, from the number `since` on.

    A gap of which nobody knows the size is about everything that was `accepted` before it was told:
    what is kept of that is sent anew, and there may be holes anywhere in it, but none behind it.
    """

    user_id: str
    since: int
    expected: int
    accepted: Callable[[], int]
    gaps: list[int] = field(default_factory=list)
    written_off: int = 0
    anew: int = 0
    seen: Tally = field(default_factory=Tally)

    def saw(self, user_id: str, number: int) -> None:
        """The client got the event of that number, meant for that user."""
        if user_id != self.user_id:
            self.seen.cross_user += 1
        elif number >= self.expected:
            self._skipped(number - self.expected)
            self.expected = number + 1
            self.seen.delivered += 1
        elif number < self.anew:
            self.seen.repeated += 1
        elif number >= self.since:
            self.seen.duplicated += 1
        else:
            self.seen.reordered += 1

    def was_told(self, missing: int | None) -> None:
        """The client was told of a gap of so many events, or (None) of one whose size nobody knows."""
        if missing is None:
            self.anew, self.written_off = self.expected, self.accepted()
        else:
            self.gaps.append(missing)

    @property
    def is_done(self) -> bool:
        """True when the client has seen, or was told of, the last event."""
        return bool(self.gaps) or max(self.expected, self.written_off) >= self.accepted()

    def tally(self) -> Tally:
        """What it comes to."""
        accepted = self.accepted()
        self._skipped(accepted - self.expected)
        self.expected = max(self.expected, accepted)
        return replace(self.seen, accepted=accepted - self.since)

    def _skipped(self, events: int) -> None:
        gaps, self.gaps = self.gaps, []
        told = max(self.written_off - self.expected, 0) + sum(gaps)
        self.seen.announced += max(min(events, told), 0)
        self.seen.missing += max(events - told, 0)


class LossLedger:
    """Numbers every user's events in the order of acceptance, and checks what the clients saw.

    The producer puts the number into the payload; a client hands in the number and the user that it
    reads there. One producer per user: the order of acceptance is then its own.

    Example:
        >>> ledger = LossLedger()
        >>> tab = ledger.witness("ada")
        >>> for _ in range(3):
        ...     number = ledger.next_number("ada")  # emit it; when that was accepted:
        ...     ledger.accepted("ada")
        >>> tab.saw("ada", 0)
        >>> tab.saw("ada", 2)
        >>> ledger.tally().missing
        1
    """

    def __init__(self) -> None:
        self._accepted: dict[str, int] = {}
        self._witnesses: list[Witness] = []

    def next_number(self, user_id: str) -> int:
        """The number of the event that is about to be emitted; the same until one is accepted."""
        return self._accepted.get(user_id, 0)

    def accepted(self, user_id: str) -> None:
        """The event of `next_number` was accepted."""
        self._accepted[user_id] = self.next_number(user_id) + 1

    def witness(self, user_id: str) -> Witness:
        """A new client of that user, who is to see everything from now on."""
        since = self.next_number(user_id)
        witness = Witness(user_id, since, since, partial(self.next_number, user_id))
        self._witnesses.append(witness)
        return witness

    def all_seen(self) -> bool:
        """True when every client has seen, or was told of, the last event of its user."""
        return all(witness.is_done for witness in self._witnesses)

    def tally(self) -> Tally:
        """What all clients' records come to."""
        return _sum(witness.tally() for witness in self._witnesses)


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total += tally
    return total
