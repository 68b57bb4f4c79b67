"""The bridge: between an agent's execution and the manager, with a state that says whether it holds."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any, Self

from .bridge_state import BridgeState, require_transition
from .clock import Clock, SystemClock
from .context import UserExecutionContext
from .emitter import UnifiedWebSocketEmitter
from .envelope import NO_KEYS, Envelope
from .errors import BacklogFullError, WebSocketAuthorizationError, WebSocketPayloadError, WebSocketStateError
from .factory import WebSocketEmitterFactory, WebSocketEmitterPool
from .health import Health, HealthStatus, MonitorableComponent
from .protocols import WebSocketManagerProtocol
from .retry import RetryPolicy
from .watch import Watch

logger = logging.getLogger(__name__)

STATUS = {BridgeState.ACTIVE: HealthStatus.HEALTHY, BridgeState.DEGRADED: HealthStatus.DEGRADED}
DEFAULT_RETRY = RetryPolicy()
DEFAULT_RECOVERY = RetryPolicy(attempts=3, first_delay=0.5)
CALLERS_FAULT = (WebSocketPayloadError, WebSocketAuthorizationError)


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeConfig:
    """How often a bridge looks at itself, and when it calls itself degraded.

    `recovery` is how often one attempt at recovery tries, and how long it waits in between.
    """

    health_seconds: float = 30.0
    failures_to_degrade: int = 3
    pool_size: int = 10
    envelope: Envelope | None = None
    retry: RetryPolicy = DEFAULT_RETRY
    recovery: RetryPolicy = DEFAULT_RECOVERY


class AgentWebSocketBridge(MonitorableComponent):
    """Passes an agent's events on to a manager, and knows whether that works.

    UNINITIALIZED -> INITIALIZING -> ACTIVE or FAILED; ACTIVE <-> DEGRADED, when the manager is not
    healthy or events fail several times in a row; DEGRADED -> FAILED when recovery does not help.
    While degraded it goes on trying with every event, and a watch recovers it in the background.
    It stops the manager on `shutdown` only if it was the one that started it.

    Example:
        >>> async def serve(manager: WebSocketManagerProtocol) -> None:
        ...     async with AgentWebSocketBridge(manager) as bridge:
        ...         context = UserExecutionContext(user_id="ada", run_id="r1")
        ...         await bridge.notify_agent_started(context, {"agent_name": "triage"})
    """

    def __init__(
        self,
        manager: WebSocketManagerProtocol,
        *,
        config: BridgeConfig | None = None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__()
        self.config = config if config is not None else BridgeConfig()
        self._manager = manager
        self._clock: Clock = clock if clock is not None else SystemClock()
        self._state = BridgeState.UNINITIALIZED
        self._lock = asyncio.Lock()
        self._watch = Watch(self._clock)
        self._owns_manager = False
        self._failures = 0
        self._recoveries = 0
        factory = WebSocketEmitterFactory(
            manager,
            envelope=self.config.envelope,
            retry=self.config.retry,
            clock=self._clock,
            on_outcome=self._learn,
        )
        self._factory = factory
        self._pool = WebSocketEmitterPool(factory, size=self.config.pool_size)

    @property
    def state(self) -> BridgeState:
        """Where it stands."""
        return self._state

    # Beginning and end

    async def initialize(self) -> None:
        """Start the manager if need be, and become active; again, or at the same time, is nothing.

        Raises:
            WebSocketStateError: the manager does not come up healthy; the bridge is FAILED, and
                may be initialised anew.
        """
        async with self._lock:
            if not self._state.carries_events:
                await self._bring_up()

    async def shutdown(self) -> None:
        """End the watch, and the manager if it was started here; again is nothing."""
        await self._watch.stop()
        async with self._lock:
            await self._watch.stop()  # it may have been initialised anew meanwhile
            if self._state is BridgeState.UNINITIALIZED:
                return
            if self._owns_manager:
                await self._manager.stop()
            self._owns_manager = False
            self._become(BridgeState.UNINITIALIZED, "shut down")

    async def __aenter__(self) -> Self:
        await self.initialize()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.shutdown()

    # Events

    def emitter(self, context: UserExecutionContext) -> UnifiedWebSocketEmitter:
        """An emitter for that run; how its events fare counts for the state of the bridge.

        Raises:
            WebSocketStateError: the bridge carries no events now.
        """
        self._require_carrying()
        return self._factory.create(context)

    async def notify(
        self,
        context: UserExecutionContext,
        event_type: str,
        data: Any,
        *,
        extra: Mapping[str, object] = NO_KEYS,
    ) -> Any:
        """Send any event of that run.

        Raises:
            WebSocketStateError: the bridge carries no events now.
            WebSocketError: the event was not accepted.
        """
        self._require_carrying()
        async with self._pool.emitter(context) as emitter:
            return await emitter.emit(event_type, data, extra=extra)

    async def notify_agent_started(self, context: UserExecutionContext, data: Any) -> Any:
        """An agent begins to work."""
        return await self.notify(context, "agent_started", data)

    async def notify_agent_thinking(self, context: UserExecutionContext, data: Any) -> Any:
        """An agent says what it is about."""
        return await self.notify(context, "agent_thinking", data)

    async def notify_tool_executing(self, context: UserExecutionContext, data: Any) -> Any:
        """A tool is about to run."""
        return await self.notify(context, "tool_executing", data)

    async def notify_tool_completed(self, context: UserExecutionContext, data: Any) -> Any:
        """A tool came back."""
        return await self.notify(context, "tool_completed", data)

    async def notify_agent_completed(self, context: UserExecutionContext, data: Any) -> Any:
        """An agent is done."""
        return await self.notify(context, "agent_completed", data)

    # Condition

    async def health_check(self) -> Health:
        """How it is: looks at the manager, and changes the state if that is called for."""
        manager = self._manager.health()
        if self._state is BridgeState.ACTIVE and not manager.is_healthy:
            self._become(BridgeState.DEGRADED, manager.reason)
        elif self._state is BridgeState.DEGRADED and manager.is_healthy and not self._failures:
            self._become(BridgeState.ACTIVE, "the manager is healthy")
        return self._health(manager.reason)

    async def recover(self) -> bool:
        """Try to become active again, as often as `recovery` says; True when it is.

        A degraded bridge that cannot recover is FAILED; a failed one may be recovered still.
        """
        async with self._lock:
            if self._state is BridgeState.DEGRADED and not await self._revive():
                self._become(BridgeState.FAILED, "recovery did not help")
            elif self._state is BridgeState.FAILED:
                await self._try_to_bring_up()
            return self._state is BridgeState.ACTIVE

    # Within

    async def _bring_up(self) -> None:
        self._become(BridgeState.INITIALIZING, "")
        try:
            started_here = not self._manager.health().is_healthy
            await self._manager.start()
            self._owns_manager = self._owns_manager or started_here
            self._require_healthy(self._manager.health())
        except BaseException as error:
            self._become(BridgeState.FAILED, repr(error))
            raise
        self._failures = 0
        self._become(BridgeState.ACTIVE, "")
        self._watch.keep("bridge", self.config.health_seconds, self._look_after_itself)

    async def _try_to_bring_up(self) -> None:
        try:
            await self._bring_up()
        except Exception as error:  # noqa: BLE001 - the answer of recover() says it, and the state
            logger.warning("the bridge could not be brought up: %r", error)

    async def _revive(self) -> bool:
        for wait in chain(self.config.recovery.delays(), (None,)):
            try:
                await self._manager.start()
                self._require_healthy(self._manager.health())
            except Exception as error:  # noqa: BLE001 - as in _try_to_bring_up
                logger.warning("the bridge could not recover yet: %r", error)
            else:
                self._recovered()
                return True
            if wait is not None:
                await self._clock.sleep(wait)
        return False

    def _recovered(self) -> None:
        if self._manager.health().is_healthy:  # a degraded manager takes events, and is to be seen as such
            self._failures = 0
            self._recoveries += 1
            self._become(BridgeState.ACTIVE, "recovered")

    async def _look_after_itself(self) -> None:
        await self.health_check()
        if self._state in (BridgeState.DEGRADED, BridgeState.FAILED):
            await self.recover()

    def _learn(self, error: Exception | None) -> None:
        if isinstance(error, CALLERS_FAULT) or _is_one_users(error):
            return
        self._failures = self._failures + 1 if error is not None else 0
        if self._state is BridgeState.ACTIVE and self._failures >= self.config.failures_to_degrade:
            self._become(BridgeState.DEGRADED, f"{self._failures} events in a row failed: {error!r}")
        elif self._state is BridgeState.DEGRADED and error is None and self._manager.health().is_healthy:
            self._become(BridgeState.ACTIVE, "an event was accepted")

    def _become(self, state: BridgeState, reason: str) -> None:
        require_transition(self._state, state)
        logger.info("the bridge was %s, is %s: %s", self._state, state, reason)
        self._state = state
        self.tell_observers(self._health(reason))

    def _health(self, reason: str) -> Health:
        status = STATUS.get(self._state, HealthStatus.UNHEALTHY)
        figures = {"failures_in_a_row": self._failures, "recoveries": self._recoveries}
        return Health(status, reason or str(self._state), figures)

    def _require_carrying(self) -> None:
        if not self._state.carries_events:
            raise WebSocketStateError(f"the bridge is {self._state}: await bridge.initialize() first")

    @staticmethod
    def _require_healthy(health: Health) -> None:
        if health.status is HealthStatus.UNHEALTHY:
            raise WebSocketStateError(f"the manager is not healthy: {health.reason}")


def _is_one_users(error: Exception | None) -> bool:
    return isinstance(error, BacklogFullError) and error.user_id is not None
