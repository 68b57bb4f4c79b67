"""The emitter: the events of one run, through a manager, or straight to a socket or a function."""

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from types import CoroutineType
from typing import Any, Self

from .clock import Clock, SystemClock
from .codec import encode
from .context import UserExecutionContext
from .envelope import NO_KEYS, Envelope
from .errors import WebSocketStateError
from .events import AGENT_ERROR, Event
from .metrics import EmitterCounters, EmitterMetrics
from .payloads import (
    AgentCompletedPayload,
    AgentStartedPayload,
    AgentThinkingPayload,
    ToolCompletedPayload,
    ToolExecutingPayload,
)
from .protocols import WebSocketManagerProtocol
from .retry import RetryPolicy

Send = Callable[[Any], Any]
Outcome = Callable[[Exception | None], None]
NOBODY = UserExecutionContext(user_id="-")
SENDERS = ("send_json", "send_text", "send_str", "send")


class UnifiedWebSocketEmitter:
    """Sends one run's events, tries again what may pass, and counts.

    Through a manager an event goes to all connections of the context's user, and each call gives
    the manager's receipt. `for_socket` and `for_sink` make emitters that lay out the same frames
    and hand them to one socket or function, whose answer each call gives back; a failure that
    is not tried again, or not any more, is raised as it came.

    `extra`, in every method, are further keys of that one frame beside type and payload.

    Example:
        >>> async def run(manager: WebSocketManagerProtocol) -> None:
        ...     context = UserExecutionContext(user_id="ada", thread_id="t1", run_id="r1")
        ...     emitter = UnifiedWebSocketEmitter(manager, context)
        ...     await emitter.emit_agent_started({"agent_name": "triage"})
        ...     await emitter.emit_agent_completed({"result": "done"})
    """

    __slots__ = ("_clock", "_counters", "_envelope", "_manager", "_on_outcome", "_retry", "_send", "context")

    def __init__(
        self,
        manager: WebSocketManagerProtocol | None,
        context: UserExecutionContext,
        *,
        envelope: Envelope | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
        on_outcome: Outcome | None = None,
    ) -> None:
        self.context = context
        self._manager = manager
        self._send: Send | None = None
        self._envelope = envelope
        self._retry = retry if retry is not None else DEFAULT_RETRY
        self._clock = clock if clock is not None else DEFAULT_CLOCK
        self._counters = EmitterCounters()
        self._on_outcome = on_outcome

    @classmethod
    def for_sink(
        cls,
        send: Send,
        *,
        envelope: Envelope = Envelope.TYPE_PAYLOAD,
        context: UserExecutionContext | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """An emitter that calls `send(frame)` with each frame, a dict, and awaits the answer if it can be.

        Example:
            >>> sent: list[object] = []
            >>> emitter = UnifiedWebSocketEmitter.for_sink(sent.append, envelope=Envelope.EVENT_DATA)
        """
        emitter = cls(None, context or NOBODY, envelope=envelope, retry=retry, clock=clock)
        emitter._send = send
        return emitter

    @classmethod
    def for_socket(
        cls,
        websocket: Any,
        *,
        envelope: Envelope = Envelope.TYPE_PAYLOAD,
        context: UserExecutionContext | None = None,
        retry: RetryPolicy | None = None,
        clock: Clock | None = None,
    ) -> Self:
        """An emitter to one socket, by its own `send_json`, else its `send_text`, `send_str` or `send`.

        The latter three get the frame as JSON text, laid out as Starlette's `send_json` does.

        Raises:
            TypeError: the object has none of them.

        Example:
            >>> async def notify(websocket: object, result: object, run_id: str) -> None:
            ...     emitter = UnifiedWebSocketEmitter.for_socket(websocket)
            ...     await emitter.emit_agent_completed({"result": result}, extra={"run_id": run_id})
        """
        send = _sender_of(websocket)
        return cls.for_sink(send, envelope=envelope, context=context, retry=retry, clock=clock)

    async def emit(self, event_type: str, data: Any, *, extra: Mapping[str, object] = NO_KEYS) -> Any:
        """Send any event; the manager's receipt, or what the sink answered.

        Raises:
            WebSocketError: the manager did not accept it (see `emit_critical_event`).
            Exception: what the socket or sink raised, as it came.
        """
        if self._manager is not None:
            return await self._through_manager(self._manager, event_type, data, extra)
        event = Event(type=event_type, payload=data, context=self.context, at=self._clock.wall())
        frame = (self._envelope or Envelope.TYPE_PAYLOAD).wrap(event, extra)
        return await self._attempt(event_type, functools.partial(self._require_sink(), frame))

    async def emit_frame(self, frame: Mapping[str, object]) -> Any:
        """Send a frame that is laid out already, as it is; it counts under its `type`, else its `event`."""
        event_type = str(frame.get("type", frame.get("event", ""))) if isinstance(frame, Mapping) else ""
        if self._send is not None:
            return await self._attempt(event_type, functools.partial(self._send, frame))
        send = getattr(self._manager, "send_to_user", None)
        if send is None:
            raise WebSocketStateError(f"{type(self._manager).__name__} has no send_to_user for a ready frame")
        return await self._attempt(event_type, functools.partial(send, self.context.user_id, frame))

    async def emit_agent_started(
        self, data: AgentStartedPayload | Any, *, extra: Mapping[str, object] = NO_KEYS
    ) -> Any:
        """An agent begins to work."""
        return await self.emit("agent_started", data, extra=extra)

    async def emit_agent_thinking(
        self, data: AgentThinkingPayload | Any, *, extra: Mapping[str, object] = NO_KEYS
    ) -> Any:
        """An agent says what it is about."""
        return await self.emit("agent_thinking", data, extra=extra)

    async def emit_tool_executing(
        self, data: ToolExecutingPayload | Any, *, extra: Mapping[str, object] = NO_KEYS
    ) -> Any:
        """A tool is about to run."""
        return await self.emit("tool_executing", data, extra=extra)

    async def emit_tool_completed(
        self, data: ToolCompletedPayload | Any, *, extra: Mapping[str, object] = NO_KEYS
    ) -> Any:
        """A tool came back."""
        return await self.emit("tool_completed", data, extra=extra)

    async def emit_agent_completed(
        self, data: AgentCompletedPayload | Any, *, extra: Mapping[str, object] = NO_KEYS
    ) -> Any:
        """An agent is done."""
        return await self.emit("agent_completed", data, extra=extra)

    async def emit_agent_error(self, data: Any, *, extra: Mapping[str, object] = NO_KEYS) -> Any:
        """An agent failed: the chat may stop waiting."""
        return await self.emit(AGENT_ERROR, data, extra=extra)

    def metrics(self) -> EmitterMetrics:
        """The figures at this moment."""
        return self._counters.snapshot()

    async def _through_manager(
        self, manager: WebSocketManagerProtocol, event_type: str, data: Any, extra: Mapping[str, object]
    ) -> Any:
        call = functools.partial(
            manager.emit_critical_event,
            self.context.user_id,
            event_type,
            data,
            context=self.context,
            extra=extra,
            envelope=self._envelope,
        )
        return await self._attempt(event_type, call)

    def _require_sink(self) -> Send:
        if self._send is None:
            raise WebSocketStateError("the emitter has neither a manager nor a sink: nobody would get it")
        return self._send

    async def _attempt(self, event_type: str, call: Callable[[], Any]) -> Any:
        waits: Iterator[float] | None = None
        while True:
            try:
                answer = call()
                if isinstance(answer, CoroutineType) or inspect.isawaitable(answer):
                    answer = await answer
            except Exception as error:
                waits = self._retry.delays() if waits is None else waits
                wait = next(waits, None) if self._retry.retries(error) else None
                if wait is None:
                    self._failed(event_type, error)
                    raise
                self._counters.retries += 1
                await self._clock.sleep(wait)
            else:
                self._succeeded(event_type)
                return answer

    def _succeeded(self, event_type: str) -> None:
        emitted = self._counters.emitted
        emitted[event_type] = emitted.get(event_type, 0) + 1
        if self._on_outcome is not None:
            self._on_outcome(None)

    def _failed(self, event_type: str, error: Exception) -> None:
        failed = self._counters.failed
        failed[event_type] = failed.get(event_type, 0) + 1
        self._counters.last_error = repr(error)
        if self._on_outcome is not None:
            self._on_outcome(error)


def _sender_of(websocket: Any) -> Send:
    for name in SENDERS:
        send: Send | None = getattr(websocket, name, None)
        if send is not None:
            return send if name == "send_json" else _as_text(send)
    raise TypeError(f"{type(websocket).__name__} has none of {', '.join(SENDERS)}: it is no socket")


def _as_text(send: Send) -> Send:
    return lambda frame: send(encode(frame))


DEFAULT_RETRY = RetryPolicy()
DEFAULT_CLOCK = SystemClock()
