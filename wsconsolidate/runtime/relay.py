"""Between a manager and a store that several processes share: nothing accepted is lost on the way.

Events go to the store first, in batches, and reach the sockets with the numbers that they got there;
other processes' events are read when the store says that there are some. While the store is away
they wait in a bounded spool and are appended, in order and once, when it is back.
"""

import asyncio
import logging
import secrets
from collections.abc import Sequence
from itertools import count, islice

from .backplanes.backplane import Backplane, History, Message, Place, Stored, Want
from .clock import Clock
from .codec import size_of
from .errors import MessageTooLargeError, WebSocketBackplaneError
from .events import Receipt, receipt
from .exchange import Exchange
from .frames import Position
from .retry import wait_after
from .spool import BATCH, Spool
from .store import Store
from .stream import UserStream

logger = logging.getLogger(__name__)

PAGE = 256
FILLING = 4
"""So many users' histories are read at once: more than the memory allows is overrun by no more than these."""
READ_AGAIN = 0.25
"""Events that are not read are a delay for everybody: it is tried again soon, however often it failed."""
BEYOND = 2**53
"""A number that no log reaches: who reads after it learns where the log stands, and nothing else."""


class Relay:
    """One manager's end of a store."""

    def __init__(self, backplane: Backplane, exchange: Exchange, clock: Clock) -> None:
        self._exchange = exchange
        self._clock = clock
        self._store = Store(backplane)
        self._spool = Spool(
            self._store,
            limit=exchange.config.max_total_bytes,
            on_stored=self._stored,
            measures=exchange.measures,
            clock=clock,
        )
        self._node = secrets.token_urlsafe(6)
        self._numbers = count()
        self._filling = asyncio.Semaphore(FILLING)
        self._wanted: dict[str, None] = {}
        self._wants = asyncio.Event()
        self._standing: list[asyncio.Task[None]] = []
        self._deaf: str = "the listener has not begun"

    @property
    def trouble(self) -> str:
        """What is wrong with the store, or an empty string."""
        dead = [f"{task.get_name()} has died" for task in self._standing if task.done()]
        return "; ".join(filter(None, (self._spool.trouble, self._deaf, *dead)))

    async def start(self) -> None:
        """Open the store, listen, append; again revives what has died."""
        await self._store.open()
        if not self._standing or any(task.done() for task in self._standing):
            await self._end_standing()
            self._filling, self._wants = asyncio.Semaphore(FILLING), asyncio.Event()
            self._spool.begin()
            self._standing = [
                asyncio.create_task(self._spool.keep_appending(), name="wsconsolidate-append"),
                asyncio.create_task(self._keep_listening(), name="wsconsolidate-listen"),
                asyncio.create_task(self._keep_reading(), name="wsconsolidate-read"),
            ]

    async def stop(self, seconds: float) -> None:
        """Append what is in the spool, for so many seconds at most, and close the store."""
        await self._spool.flush(seconds)
        await self._end_standing()
        self._spool.let_go()
        await self._store.close()

    async def accept(self, user_id: str, text: str) -> Receipt:
        """Take a frame in: it is in the store when this returns, or, with `stored` False, in the spool.

        Raises:
            MessageTooLargeError: it is larger than a frame may be.
            BacklogFullError: the store is away, and the spool is full.
        """
        limit = self._exchange.config.max_message_bytes
        if (size := size_of(text)) > limit:
            raise MessageTooLargeError(size, limit)
        message = Message(user_id, f"{self._node}-{next(self._numbers)}", text)
        is_stored = await self._spool.put(message, size)
        stream = self._exchange.roster.streams.get(user_id)
        return receipt(len(stream.connections) if stream else 0, stored=is_stored)

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
            if not self._exchange.room.find(stream.log, 0):
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
            (page,) = await self._store.read([Want(stream.user_id, after, PAGE)])
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

    async def _keep_listening(self) -> None:
        failures = 0
        while True:
            try:
                await self._store.listen(self._woken, self._listens)
            except Exception as error:  # noqa: BLE001 - a deaf node must try again, whatever it was
                failures = failures + 1 if self._deaf else 1
                self._deaf = f"the listener failed: {error!r}"
                logger.warning("%s", self._deaf)
            await self._clock.sleep(wait_after(failures))

    def _listens(self) -> None:
        self._deaf = ""
        self.reconcile()

    def _woken(self, user_id: str, place: Place, text: str | None) -> None:
        self._store.learn(place)
        self._arrived(user_id, place, text)

    def _stored(self, message: Message, place: Place) -> None:
        self._arrived(message.user_id, place, message.text)

    def _arrived(self, user_id: str, place: Place, text: str | None) -> None:
        """An event is in the store: the user's log has it, takes it in, or what is before it is read."""
        stream = self._exchange.roster.streams.get(user_id)
        if stream is None or not (stream.connections or stream.reserved):
            return
        log = stream.log
        if not log.epoch and stream.connections:  # the store was away when the user came: here the log begins
            self._exchange.restart(stream, place.epoch, place.seq - 1)
        is_next = log.epoch == place.epoch and log.head.seq + 1 == place.seq
        if is_next and text is not None:
            self._exchange.take_in(stream, (text,))
        elif log.epoch != place.epoch or log.head.seq < place.seq:
            self._want(user_id)

    def _want(self, user_id: str) -> None:
        self._wanted[user_id] = None
        self._wants.set()

    async def _keep_reading(self) -> None:
        failures = 0
        while True:
            if not self._wanted:
                self._wants.clear()
                await self._wants.wait()
            user_ids = tuple(islice(self._wanted, BATCH))
            try:
                await self._read_some(user_ids)
                failures = 0
            except WebSocketBackplaneError as error:
                failures += 1
                self._wanted.update(dict.fromkeys(user_ids))
                logger.debug("%d users are read later: %s", len(user_ids), error)
                await self._clock.sleep(wait_after(failures, READ_AGAIN))

    async def _read_some(self, user_ids: Sequence[str]) -> None:
        """Read a page of what is new for each of some users; who has more is wanted again."""
        for user_id in user_ids:
            del self._wanted[user_id]
        found = [self._exchange.roster.streams.get(user_id) for user_id in user_ids]
        streams = [stream for stream in found if stream is not None]
        wants = [_want_of(stream) for stream in streams]
        for stream, want, page in zip(streams, wants, await self._store.read(wants), strict=True):
            if self._take_page(stream, want, page):
                self._wanted[stream.user_id] = None

    async def _catch_up(self, stream: UserStream) -> None:
        while await self._fetch(stream):
            pass

    async def _fetch(self, stream: UserStream) -> bool:
        """Read a page of what is new for a user; True when there may be more."""
        want = _want_of(stream)
        (page,) = await self._store.read([want])
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

    async def _end_standing(self) -> None:
        tasks, self._standing = self._standing, []
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _want_of(stream: UserStream) -> Want:
    log = stream.log
    return Want(stream.user_id, log.head.seq if log.epoch else BEYOND, PAGE)
