"""What stands in for a manager and for an emitter: the two interfaces, once."""

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from .context import UserExecutionContext
from .envelope import NO_KEYS, Envelope
from .health import Health


@runtime_checkable
class WebSocketManagerProtocol(Protocol):
    """Keeps users' connections and sends to them; `UnifiedWebSocketManager` is the one."""

    async def start(self) -> None:
        """Begin; again is nothing."""

    async def stop(self) -> None:
        """Flush and close everything; again is nothing."""

    async def connect(self, user_id: str, websocket: Any) -> str:
        """Take a socket in; the id of the connection."""
        ...

    async def disconnect(self, connection_id: str) -> bool:
        """Let a connection go; False when it was gone."""
        ...

    async def emit_critical_event(
        self,
        user_id: str,
        event_type: str,
        data: Any,
        *,
        context: UserExecutionContext | None = None,
        extra: Mapping[str, object] = NO_KEYS,
        envelope: Envelope | None = None,
    ) -> Any:
        """Accept an event for a user, or raise."""
        ...

    def health(self) -> Health:
        """How it is now."""
        ...


@runtime_checkable
class WebSocketEmitterProtocol(Protocol):
    """Sends one run's events; `UnifiedWebSocketEmitter` is the one."""

    async def emit(self, event_type: str, data: Any) -> Any:
        """Send any event."""
        ...

    async def emit_agent_started(self, data: Any) -> Any:
        """An agent begins to work."""
        ...

    async def emit_agent_thinking(self, data: Any) -> Any:
        """An agent says what it is about."""
        ...

    async def emit_tool_executing(self, data: Any) -> Any:
        """A tool is about to run."""
        ...

    async def emit_tool_completed(self, data: Any) -> Any:
        """A tool came back."""
        ...

    async def emit_agent_completed(self, data: Any) -> Any:
        """An agent is done."""
        ...
