"""Between a manager and a store that several processes share: nothing accepted is lost on the way.

Events go to the store first, in batches, and reach the sockets with the numbers that they got there;
other processes' events are read when the store says that there are some. While the store is away
they wait in a bounded spool and are appended, in order and once, when it is back.
"""

import asyncio
import logging
import random
import secrets
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from itertools import count, islice
from typing import NamedTuple

from .backplanes.backplane import Backplane, History, Message, Place, Stored, Want
from .clock import Clock
from .codec import size_of
from .errors import BacklogFullError, MessageTooLargeError, WebSocketBackplaneError
from .events import Receipt
from .exchange import Exchange
from .frames import Position
from .log import ENTRY_BYTES
from .stream import UserStream

logger = logging.getLogger(__name__)

BATCH = 250
BATCH_BYTES = 1024 * 1024
PAGE = 256
FILLING = 4
"""So many users' histories are read at once: more than the memory allows is overrun by no more than these."""
PATIENCE_SECONDS = 1.0
FIRST_WAIT = 0.05
LONGEST_WAIT = 2.0
BEYOND = 2**53
"""A number that no log reaches: who reads after it learns where the log stands, and nothing else."""


class Spooled(NamedTuple):
    """An accepted frame on its way to the store, and who waits for it."""

    message: Message
    size: int
    stored: "asyncio.Future[bool]"


class Relay:
    """One manager's end of a store."""

    def __init__(self, backplane: Backplane, exchange: Exchange, clock: Clock) -> None:
        self._backplane = backplane
        self._exchange = exchange
        self._clock = clock
        self._node = secrets.token_urlsafe(6)
        self._numbers = count()
        self._known = 0
        self._spool: deque[Spooled] = deque()
        self._spooled_bytes = 0
        self._more = asyncio.Event()
        self._emptied = asyncio.Event()
        self._filling = asyncio.Semaphore(FILLING)
        self._is_appending = False
        self._postponed: dict[str, Place] = {}
        self._wanted: dict[str, None] = {}
        self._reading: asyncio.Task[None] | None = None
        self._standing: list[asyncio.Task[None]] = []
        self._away: str = ""
        self._deaf: str = "the listener has not begun"

    @property
    def trouble(self) -> str:
        """What is wrong with the store, or an empty string."""
        away = f"the store is away, {len(self._spool)} events wait: {self._away}" if self._away else ""
        dead = [f"{task.get_name()} has died" for task in self._standing if task.done()]
        return "; ".join(filter(None, (away, self._deaf, *dead)))

    async def start(self) -> None:
        """Open the store, listen, append; again revives what has died."""
        await self._backplane.open()
        if not self._standing or any(task.done() for task in self._standing):
            await self._end_standing()
            self._filling = asyncio.Semaphore(FILLING)
            loop = asyncio.get_running_loop()
            self._standing = [
                loop.create_task(self._keep_appending(), name="wsconsolidate-append"),
                loop.create_task(self._keep_listening(), name="wsconsolidate-listen"),
            ]

    async def stop(self, seconds: float) -> None:
        """Append what is in the spool, for so many seconds at most, and close the store."""
        if self._spool:
            self._emptied.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._emptied.wait()
        if self._spool:
            logger.error("%d accepted events are not stored: they wait for another start", len(self._spool))
        await self._end_standing()
        for spooled in self._spool:
            _settle(spooled.stored, False)
        await self._backplane.close()

    async def accept(self, user_id: str, text: str) -> Receipt:
        """Take a frame in: it is in the store when this returns, or, with `stored` False, in the spool.

        Raises:
            MessageTooLargeError: it is larger than a frame may be.
            BacklogFullError: the store is away, and the spool is full.
        """
        config = self._exchange.config
        if (size := size_of(text)) > config.max_message_bytes:
            raise MessageTooLargeError(size, config.max_message_bytes)
        size += ENTRY_BYTES
        if self._spooled_bytes + size > config.max_total_bytes:
            raise BacklogFullError(None, len(self._spool), self._spooled_bytes)
        message = Message(user_id, f"{self._node}-{next(self._numbers)}", text)
        stored: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        if self._away:
            stored.set_result(False)
        self._spool.append(Spooled(message, size, stored))
        self._spooled_bytes += size
        self._more.set()
        is_stored = await stored
        stream = self._exchange.roster.streams.get(user_id)
        return Receipt(len(stream.connections) if stream else 0, stored=is_stored)

    async def prepare(self, stream: UserStream) -> None:
        """Let a user's log begin, or go on, where the store is; one that is away is asked again later."""
        try:
            await self._catch_up(stream)
        except WebSocketBackplaneError as error:
            logger.warning("the log of %s could not be brought up to date: %s", stream.user_id, error)

    async def backfill(self, stream: UserStream, position: Position | None) -> None:
        """Read back into the log what a client at that position has missed, as far as the store has it.

        Raises:
            WebSocketBackplaneError: the store is away, or there is no memory for it now; what the client
                has missed is not lost.
        """
        async with self._filling:
            if not self._exchange.find_room(stream):
                raise WebSocketBackplaneError("what waits has filled its memory")
            await self._fill(stream, position)

    async def _fill(self, stream: UserStream, position: Position | None) -> None:
        log = stream.log
        if position is None or position.epoch != log.epoch or position.seq > log.head.seq:
            await self._catch_up(stream)  # the client may know more of the store than this log does
        while (older := await self._older(stream, position)) is None:
            await self._catch_up(stream)
        now = self._clock.now()
        for entry in reversed(older):
            if entry.seq == log.tail.seq:
                log.prepend(entry.text, size_of(entry.text), now)

    async def _older(self, stream: UserStream, position: Position | None) -> list[Stored] | None:
        """The store's entries between a position and the log; None when the two are not of one epoch."""
        log, epoch = stream.log, stream.log.epoch
        older: list[Stored] = []
        after = log.tail.seq if position is None else position.seq
        if position is not None and position.epoch != epoch:
            after = 0
        while after < log.tail.seq:
            (page,) = await self._read([Want(stream.user_id, after, PAGE)])
            if not page.place.epoch == epoch == log.epoch:
                return None
            if not page.entries:
                break
            older += page.entries
            after = page.entries[-1].seq
        return older

    def reconcile(self) -> None:
        """Ask how far the store is with every user who is here: a wake-up may have been lost."""
        for stream in tuple(self._exchange.roster.streams.values()):
            if stream.connections or stream.reserved:
                self._want(stream.user_id)

    async def _keep_appending(self) -> None:
        failures = 0
        while True:
            if not self._spool:
                self._more.clear()
                await self._more.wait()
            batch = self._next_batch()
            begun = self._clock.now()
            self._is_appending = True
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    places = await self._backplane.append([each.message for each in batch], self._known)
                _require_all(places, batch)
            except Exception as error:  # noqa: BLE001 - whatever it is, the events must not be forgotten
                failures += 1
                self._failed(error)
                await self._clock.sleep(_wait_after(failures))
            else:
                failures = 0
                self._away = ""
                self._exchange.measures.tell("store.appended", self._clock.now() - begun)
                self._took(batch, places)
            finally:
                self._is_appending = False
                self._hear_postponed()

    def _next_batch(self) -> list[Spooled]:
        """The oldest in the spool, so few that the store can take them in while there is patience."""
        batch: list[Spooled] = []
        size = 0
        for spooled in islice(self._spool, BATCH):
            size += spooled.size
            if batch and size > BATCH_BYTES:
                break
            batch.append(spooled)
        return batch

    def _failed(self, error: Exception) -> None:
        if not self._away:
            logger.warning("the store is away, events wait: %r", error)
        self._away = repr(error)
        self._exchange.measures.tell("store.failed", 1, type(error).__name__)
        for spooled in self._spool:
            _settle(spooled.stored, False)

    def _took(self, batch: Sequence[Spooled], places: Sequence[Place]) -> None:
        for (message, size, stored), place in zip(batch, places, strict=True):
            self._spool.popleft()
            self._spooled_bytes -= size
            self._take_in(message, place)
            _settle(stored, True)
        if not self._spool:
            self._emptied.set()

    def _take_in(self, message: Message, place: Place) -> None:
        self._known = max(self._known, place.total)
        stream = self._exchange.roster.streams.get(message.user_id)
        if stream is None or not stream.connections:
            return
        if not stream.log.epoch:  # the store was away when the user came: here the log begins
            self._exchange.restart(stream, place.epoch, place.seq - 1)
        if stream.log.epoch == place.epoch and stream.log.head.seq + 1 == place.seq:
            self._exchange.take_in(stream, (message.text,))
        else:
            self._woken(message.user_id, place)

    async def _keep_listening(self) -> None:
        failures = 0
        while True:
            try:
                await self._backplane.listen(self._woken, self._listens)
            except Exception as error:  # noqa: BLE001 - a deaf node must try again, whatever it was
                failures = failures + 1 if self._deaf else 1
                self._deaf = f"the listener failed: {error!r}"
                logger.warning("%s", self._deaf)
            await self._clock.sleep(_wait_after(failures))

    def _listens(self) -> None:
        self._deaf = ""
        self.reconcile()

    def _woken(self, user_id: str, place: Place) -> None:
        self._known = max(self._known, place.total)
        stream = self._exchange.roster.streams.get(user_id)
        if stream is None or not (stream.connections or stream.reserved):
            return
        if self._is_appending:  # what is heard may be the very event that is being appended
            self._postponed[user_id] = place
        elif place.epoch != stream.log.epoch or place.seq > stream.log.head.seq:
            self._want(user_id)

    def _hear_postponed(self) -> None:
        postponed, self._postponed = self._postponed, {}
        for user_id, place in postponed.items():
            self._woken(user_id, place)

    def _want(self, user_id: str) -> None:
        self._wanted[user_id] = None
        if self._reading is None:
            reading = self._read_wanted()
            self._reading = asyncio.get_running_loop().create_task(reading, name="wsconsolidate-read")

    async def _read_wanted(self) -> None:
        failures = 0
        try:
            while self._wanted:
                user_ids = tuple(islice(self._wanted, BATCH))
                try:
                    await self._read_some(user_ids)
                    failures = 0
                except WebSocketBackplaneError as error:
                    failures += 1
                    self._wanted.update(dict.fromkeys(user_ids))
                    logger.debug("%d users are read later: %s", len(user_ids), error)
                    await self._clock.sleep(_wait_after(failures))
        finally:
            self._reading = None

    async def _read_some(self, user_ids: Sequence[str]) -> None:
        """Read a page of what is new for each of some users; who has more is wanted again."""
        for user_id in user_ids:
            del self._wanted[user_id]
        found = [self._exchange.roster.streams.get(user_id) for user_id in user_ids]
        streams = [stream for stream in found if stream is not None]
        wants = [_want_of(stream) for stream in streams]
        for stream, want, page in zip(streams, wants, await self._read(wants), strict=True):
            if self._take_page(stream, want, page):
                self._wanted[stream.user_id] = None

    async def _catch_up(self, stream: UserStream) -> None:
        while await self._fetch(stream):
            pass

    async def _fetch(self, stream: UserStream) -> bool:
        """Read a page of what is new for a user; True when there may be more."""
        want = _want_of(stream)
        (page,) = await self._read([want])
        return self._take_page(stream, want, page)

    def _take_page(self, stream: UserStream, want: Want, page: History) -> bool:
        log, is_new = stream.log, want.after == BEYOND
        if self._exchange.roster.streams.get(stream.user_id) is not stream:
            return False
        if log.epoch != page.place.epoch:
            self._exchange.restart(stream, page.place.epoch, page.place.seq if is_new else page.tail)
            return not is_new
        if page.tail > log.head.seq:
            log.restart(log.epoch, page.tail)  # a hole: readers that were before it announce the gap
        before = log.head.seq
        news = [entry for entry in page.entries if entry.seq > before]
        self._exchange.take_in(
            stream, [each.text for each, seq in zip(news, count(before + 1)) if each.seq == seq]
        )
        is_further = is_new or want.after < log.head.seq  # it may be another reader that has got on
        return is_further and log.head.seq < page.place.seq

    async def _read(self, wants: Sequence[Want]) -> tuple[History, ...]:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                pages = await self._backplane.read(wants, self._known)
        except TimeoutError as error:
            raise WebSocketBackplaneError("the store does not answer") from error
        for page in pages:
            self._known = max(self._known, page.place.total)
        return pages

    async def _end_standing(self) -> None:
        tasks, self._standing = self._standing, []
        if self._reading is not None:
            tasks.append(self._reading)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _require_all(places: Sequence[Place], batch: Sequence[Spooled]) -> None:
    if len(places) != len(batch):
        raise WebSocketBackplaneError(f"the store gave {len(places)} places for {len(batch)} events")


def _wait_after(failures: int) -> float:
    return random.uniform(0.5, 1.0) * min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures, 16))  # noqa: S311 - jitter


def _want_of(stream: UserStream) -> Want:
    log = stream.log
    return Want(stream.user_id, log.head.seq if log.epoch else BEYOND, PAGE)


def _settle(stored: "asyncio.Future[bool]", is_stored: bool) -> None:
    if not stored.done():
        stored.set_result(is_stored)
