"""What a plain connection has to write next: application frames as they are; pure."""

from typing import NamedTuple

from .log import Cursor, EventLog

PAGE_EVENTS = 64
PAGE_BYTES = 256 * 1024
MOST_LATEST = 64


class Page(NamedTuple):
    """Texts to be written with one write, and the cursor of who has got them."""

    texts: list[str]
    reaches: Cursor


class Reader:
    """A plain connection's place in its user's log."""

    __slots__ = ("cursor", "gaps", "latest", "log")

    def __init__(self, log: EventLog, at: Cursor) -> None:
        self.log = log
        self.cursor = at
        self.latest: dict[str, str] = {}
        self.gaps = 0

    @property
    def settled(self) -> Cursor:
        """Up to where everything has been got, as far as anybody can tell."""
        return self.cursor

    def replace_latest(self, key: str, text: str) -> bool:
        """Hold a frame that may be dropped until it can be written; True when another one was dropped for it.

        That is the one of the same key, else, when they have become too many, the one that is held longest.
        """
        latest = self.latest
        dropped = latest.pop(key, None) is not None
        if len(latest) >= MOST_LATEST or sum(map(len, latest.values())) > PAGE_BYTES:
            del latest[next(iter(latest))]
            dropped = True
        latest[key] = text
        return dropped

    def page(self) -> Page | None:
        """What is to be written next, or None when there is nothing."""
        log = self.log
        if self.cursor.seq < log.tail.seq:
            self.gaps += 1
            self.cursor = log.tail
        if self.cursor.seq < log.head.seq:
            _, texts, reaches = log.after(self.cursor, max_events=PAGE_EVENTS, max_bytes=PAGE_BYTES)
            return Page(texts, reaches)
        return Page(self._take_latest(), self.cursor) if self.latest else None

    def wrote(self, page: Page) -> None:
        """The page has been written."""
        self.cursor = page.reaches

    def _take_latest(self) -> list[str]:
        texts, self.latest = list(self.latest.values()), {}
        return texts
