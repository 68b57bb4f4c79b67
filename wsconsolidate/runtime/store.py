"""One node's way to the store: asked with patience, and told every time how much this node knows of it."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from .backplanes.backplane import Backplane, History, Message, OnWake, Place, Want
from .errors import WebSocketBackplaneError

PATIENCE_SECONDS = 1.0


class Store:
    """A backplane that answers in time or has failed.

    Raises:
        WebSocketBackplaneError: the store is away, failed, or keeps one waiting.
    """

    def __init__(self, backplane: Backplane) -> None:
        self._backplane = backplane
        self._known = 0

    async def open(self) -> None:
        """Be ready."""
        await self._backplane.open()

    async def close(self) -> None:
        """Let go of everything."""
        await self._backplane.close()

    async def append(self, messages: Sequence[Message]) -> tuple[Place, ...]:
        """Take frames in, in order: where each stands."""
        async with _patience():
            places = await self._backplane.append(messages, self._known)
            _require_as_many(places, messages)
        self.learn(places[-1])
        return places

    async def read(self, wants: Sequence[Want]) -> tuple[History, ...]:
        """What is wanted, page for page."""
        async with _patience():
            pages = await self._backplane.read(wants, self._known)
            _require_as_many(pages, wants)
        for page in pages:
            self.learn(page.place)
        return pages

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Call `on_wake` for every event; until cancelled or failed."""
        await self._backplane.listen(on_wake, on_ready)

    def learn(self, place: Place) -> None:
        """The store has taken in so many events: one that has fewer later on has forgotten some."""
        self._known = max(self._known, place.total)


@asynccontextmanager
async def _patience() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield
    except TimeoutError as error:
        raise WebSocketBackplaneError("the store does not answer") from error
    except WebSocketBackplaneError:
        raise
    except Exception as error:
        raise WebSocketBackplaneError(f"the store failed: {error!r}") from error


def _require_as_many(answers: Sequence[object], questions: Sequence[object]) -> None:
    if len(answers) != len(questions):
        raise WebSocketBackplaneError(f"the store gave {len(answers)} answers to {len(questions)} questions")
