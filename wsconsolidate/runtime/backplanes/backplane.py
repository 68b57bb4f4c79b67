"""What the runtime asks of a store that several processes share."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

READ_BYTES = 1024 * 1024
"""So much is read at once: what exceeds it is left for another read, but for one entry for each want."""


class Message(NamedTuple):
    """A frame for a user; the store takes in a `key` once, however often it is appended."""

    user_id: str
    key: str
    text: str


class Place(NamedTuple):
    """Where a store stands: its epoch, a user's number, and how many events it ever took in."""

    epoch: str
    seq: int
    total: int


class Stored(NamedTuple):
    """A frame with its number."""

    seq: int
    text: str


class Want(NamedTuple):
    """A question to a store: a user's next entries after a number, at most so many."""

    user_id: str
    after: int
    limit: int


def within(room: int, entries: Iterable[Stored]) -> Iterator[Stored]:
    """The first entry, and more while there is room for so many characters."""
    for entry in entries:
        yield entry
        room -= len(entry.text)
        if room <= 0:
            return


class History(NamedTuple):
    """A page of a user's log: where the store stands, the number before the oldest kept, and entries."""

    place: Place
    tail: int
    entries: tuple[Stored, ...]

    @property
    def size(self) -> int:
        """The characters of its entries."""
        return sum(len(entry.text) for entry in self.entries)


OnWake = Callable[[str, Place, str | None], None]
"""A user's event was taken in at that place; with its text, where that is at hand, it need not be read."""


class Backplane(Protocol):
    """The logs of all users, in a place that several processes reach.

    The epoch is one for the whole store, and names one history of it. A store that was emptied has
    none, and begins another. One that came back from an old copy would use numbers again; so whatever
    can come back by itself begins another epoch when it does, before it takes in or tells anything.
    Besides, every caller says how many events it knows of, and a store that has fewer begins another
    epoch too; that alone is not enough, because others may have filled it up by then. The numbers of
    a user never go back within an epoch.

    Raises:
        WebSocketBackplaneError: in every method, when the store is away or failed.
    """

    async def open(self) -> None:
        """Be ready; again is nothing."""

    async def close(self) -> None:
        """Let go of everything; again is nothing."""

    async def append(self, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        """Take frames in, in order: where each stands. `known` is the largest total ever seen."""
        ...

    async def read(self, wants: Sequence[Want], known: int) -> tuple[History, ...]:
        """What is wanted, page for page; about `READ_BYTES` in all. `known` as above.

        The numbers of a user who has none yet begin here: the first event gets the one that follows.
        """
        ...

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Call `on_wake` for every event that is taken in anywhere, in order; runs until cancelled or failed.

        `on_ready` is called when from now on no event will be overlooked.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How much a store keeps for each user."""

    events: int = 1000
    seconds: float = 900.0


def new_epoch() -> str:
    """A name for a history that was never used."""
    return secrets.token_urlsafe(9)
