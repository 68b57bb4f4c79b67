"""A session: hello, replay, gaps, acknowledgements and heartbeats over a user's log; pure.

No asyncio here: frames of the client go in, pages to be written come out. The promise rests on
three rules. A number is sent only after all numbers before it were sent, or announced as a gap.
The client says where it is, the server never assumes it. A position of another epoch says nothing
about this log, so everything in it is sent.
"""

from dataclasses import dataclass

from . import frames
from .frames import FrameError, Gap, Position, Resume
from .log import Cursor, EventLog
from .phase import Phase, Step, after
from .reader import PAGE_BYTES, PAGE_EVENTS, Page, Reader

MOST_UNREAD = 64
PACKING = 2
"""From this version of the protocol on, one frame may carry several events."""


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """What a session is told in its hello: how often to beat, and how much may be unacknowledged."""

    heartbeat_ms: int
    window: int


class SessionReader(Reader):
    """A session's place in its user's log.

    `began` is where a client starts that has no position; `session_id` is what it is called.
    """

    __slots__ = ("_beats", "_control", "_packs", "_terms", "acked", "phase", "session_id")

    def __init__(
        self, log: EventLog, resume: Resume, *, began: Cursor, session_id: str, terms: SessionTerms
    ) -> None:
        super().__init__(log, began)
        self.session_id = session_id
        self.phase = after(Phase.PLAIN, Step.RESUME)
        self.acked = began
        self._terms = terms
        self._control: list[str] = []
        self._beats = False
        self._begin(resume, began)

    @property
    def settled(self) -> Cursor:
        """Up to where the client has said that it has everything."""
        return self.acked

    @property
    def unacknowledged(self) -> int:
        """How many events were sent and not acknowledged."""
        return self.cursor.seq - self.acked.seq

    def resume(self, resume: Resume) -> None:
        """The client asks again on the same connection, because it has seen a hole.

        Raises:
            FrameError: it has asked many times, and reads no answer.
        """
        if len(self._control) > MOST_UNREAD:
            raise FrameError(f"{MOST_UNREAD} answers are unread, and another is asked for")
        self.phase = after(self.phase, Step.RESUME)
        self._begin(resume, self.acked)

    def ack(self, position: Position) -> bool:
        """The client has everything up to there; True when that is news.

        What was said before the client knew of another epoch is of no account.

        Raises:
            FrameError: it was never sent.
        """
        epoch, seq = position
        if epoch != self.log.epoch:
            return False
        if seq > self.cursor.seq:
            raise FrameError(f"number {seq} was acknowledged, {self.cursor.seq} was the last one sent")
        if seq <= self.acked.seq:
            return False
        self.acked = self.log.at(seq)
        return True

    def beat(self) -> None:
        """Say, after everything else, the head: so that a client that has lost the last event knows."""
        self._beats = True

    def drain(self, retry_after_ms: int) -> None:
        """Say that the server is about to close."""
        self.phase = after(self.phase, Step.DRAIN)
        self._control.append(frames.drain(retry_after_ms))

    def log_restarted(self) -> None:
        """The log is another one now: what the client has says nothing about it."""
        self._announce(Gap(self.cursor.seq + 1, None, "epoch"), self.log.tail)

    def wrote(self, page: Page) -> None:
        """Nothing: a session has moved on when the page was made, and says itself what it has got."""

    def page(self) -> Page | None:
        """What is to be written next, or None when there is nothing or too much is unacknowledged."""
        log = self.log
        if self.cursor.seq < log.tail.seq:
            self._announce(Gap(self.cursor.seq + 1, log.tail.seq, "expired"), log.tail)
        texts, self._control = self._control, []
        if self.cursor.seq < log.head.seq:
            texts += self._take_events()
        if self.cursor.seq == log.head.seq:
            texts += self._caught_up()
        if self._beats:
            self._beats = False
            texts.append(frames.beat(Position(log.epoch, self.cursor.seq), log.head.seq))
        return Page(texts, self.cursor) if texts else None

    def _take_events(self) -> list[str]:
        room = self.acked.seq + self._terms.window - self.cursor.seq
        first, texts, self.cursor = self.log.after(
            self.cursor, max_events=min(PAGE_EVENTS, room), max_bytes=PAGE_BYTES
        )
        if self._packs and len(texts) > 1:
            return [frames.events(first, texts)]
        return [frames.event(seq, text) for seq, text in enumerate(texts, first)]

    def _caught_up(self) -> list[str]:
        texts = [frames.passing(text) for text in self._take_latest()] if self.latest else []
        if self.phase is Phase.REPLAYING:
            self.phase = after(self.phase, Step.CAUGHT_UP)
            texts.append(frames.live(self.log.head.seq))
        return texts

    def _begin(self, resume: Resume, began: Cursor) -> None:
        log, position = self.log, resume.position
        start, missing = _place(log, position, began)
        self.cursor = self.acked = start
        self._packs = resume.protocol >= PACKING
        self._control.append(
            frames.hello(
                protocol=resume.protocol,
                session_id=self.session_id,
                at=position or Position(log.epoch, start.seq),
                head=log.head.seq,
                heartbeat_ms=self._terms.heartbeat_ms,
                window=self._terms.window,
            )
        )
        if missing:
            self._announce(missing, start)
        if start.seq < log.head.seq:
            self._control.append(frames.replay_begin(start.seq + 1, log.head.seq))

    def _announce(self, missing: Gap, at: Cursor) -> None:
        self.gaps += 1
        self.cursor = self.acked = at
        self._control.append(frames.gap(missing, Position(self.log.epoch, at.seq)))


def _place(log: EventLog, position: Position | None, began: Cursor) -> tuple[Cursor, Gap | None]:
    """Where to start, and what is missing before that."""
    tail = log.tail
    if position is None:
        return max(began, tail), None
    if position.epoch != log.epoch or position.seq > log.head.seq:
        return tail, Gap(position.seq + 1, None, "epoch")
    if position.seq < tail.seq:
        return tail, Gap(position.seq + 1, tail.seq, "expired")
    return log.at(position.seq), None
