"""Where emitters come from: a factory that makes one per run, and a pool that keeps the idle ones."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from .clock import Clock
from .context import UserExecutionContext
from .emitter import Outcome, UnifiedWebSocketEmitter
from .envelope import Envelope
from .protocols import WebSocketManagerProtocol
from .retry import RetryPolicy


class WebSocketEmitterFactory:
    """Makes emitters of one manager, all with the same envelope and retries.

    An emitter is bound to its context for life, so that no two users ever share one.

    Example:
        >>> def emitter_for(manager: WebSocketManagerProtocol, user_id: str) -> UnifiedWebSocketEmitter:
        ...     return WebSocketEmitterFactory(manager).for_user(user_id, run_id="r1")
    """

    def __init__(
        self,
        manager: WebSocketManagerProtocol,
        *,
        envelope: Envelope | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        on_outcome: Outcome | None = None,
    ) -> None:
        self._manager = manager
        self._envelope = envelope
        self._retry = retry
        self._clock = clock
        self._on_outcome = on_outcome

    def create(self, context: UserExecutionContext) -> UnifiedWebSocketEmitter:
        """A new emitter for that run."""
        return UnifiedWebSocketEmitter(
            self._manager,
            context,
            envelope=self._envelope,
            retry=self._retry,
            clock=self._clock,
            on_outcome=self._on_outcome,
        )

    def for_user(
        self,
        user_id: str,
        *,
        thread_id: str | None = None,
        run_id: str | None = None,
        request_id: str | None = None,
    ) -> UnifiedWebSocketEmitter:
        """A new emitter for a run of that user."""
        return self.create(
            UserExecutionContext(user_id=user_id, thread_id=thread_id, run_id=run_id, request_id=request_id)
        )


class WebSocketEmitterPool:
    """Keeps up to `size` idle emitters, so that a run that goes on finds its own (and its metrics) again.

    It never makes anyone wait: what it does not have it makes, and what it cannot keep it forgets,
    the longest idle first. An emitter is found again only under an equal context.

    Example:
        >>> async def step(pool: WebSocketEmitterPool, context: UserExecutionContext) -> None:
        ...     async with pool.emitter(context) as emitter:
        ...         await emitter.emit_agent_thinking({"thought": "hm"})
    """

    def __init__(self, factory: WebSocketEmitterFactory, *, size: int = 10) -> None:
        if size < 0:
            raise ValueError(f"size must be 0 or more, got {size}")
        self._factory = factory
        self._size = size
        self._idle: OrderedDict[UserExecutionContext, UnifiedWebSocketEmitter] = OrderedDict()

    def __len__(self) -> int:
        return len(self._idle)

    def acquire(self, context: UserExecutionContext) -> UnifiedWebSocketEmitter:
        """The idle emitter of that context, else a new one; nobody else gets it until it is released."""
        return self._idle.pop(context, None) or self._factory.create(context)

    def release(self, emitter: UnifiedWebSocketEmitter) -> None:
        """Give an emitter back."""
        self._idle[emitter.context] = emitter
        self._idle.move_to_end(emitter.context)
        while len(self._idle) > self._size:
            self._idle.popitem(last=False)

    @asynccontextmanager
    async def emitter(self, context: UserExecutionContext) -> AsyncIterator[UnifiedWebSocketEmitter]:
        """Acquire for the length of a block."""
        emitter = self.acquire(context)
        try:
            yield emitter
        finally:
            self.release(emitter)
