"""One manager, one emitter and one bridge for an agent's events over WebSockets.

These names are the contract; `docs/runtime.md` says what each promises.
"""

from .adapters.asgi import AgentSocketEndpoint, SocketRequest
from .adapters.transport import Transport
from .backplanes.backplane import Backplane, Retention
from .backplanes.memory import MemoryBackplane
from .backplanes.redis import RedisBackplane
from .backplanes.sqlite import SqliteBackplane
from .bridge import AgentWebSocketBridge, BridgeConfig
from .bridge_state import BridgeState
from .config import ManagerConfig
from .connection import ConnectionId, WebSocketConnection
from .context import UserExecutionContext
from .emitter import UnifiedWebSocketEmitter
from .envelope import Envelope, from_context, iso_utc, unix_milliseconds, unix_seconds
from .errors import (
    BacklogFullError,
    MessageTooLargeError,
    WebSocketAuthorizationError,
    WebSocketBackplaneError,
    WebSocketConnectionError,
    WebSocketDeliveryError,
    WebSocketError,
    WebSocketLimitError,
    WebSocketPayloadError,
    WebSocketStateError,
    WrongLoopError,
)
from .events import CRITICAL_EVENTS, Event, Receipt
from .factory import WebSocketEmitterFactory, WebSocketEmitterPool
from .health import Health, HealthStatus, MonitorableComponent
from .manager import UnifiedWebSocketManager
from .measure import Measurement
from .metrics import ConnectionStatistics, EmitterMetrics, ManagerMetrics
from .payloads import (
    AgentCompletedPayload,
    AgentStartedPayload,
    AgentThinkingPayload,
    ToolCompletedPayload,
    ToolExecutingPayload,
)
from .protocols import WebSocketEmitterProtocol, WebSocketManagerProtocol
from .retry import RetryPolicy

__all__ = [
    "CRITICAL_EVENTS",
    "AgentCompletedPayload",
    "AgentSocketEndpoint",
    "AgentStartedPayload",
    "AgentThinkingPayload",
    "AgentWebSocketBridge",
    "BacklogFullError",
    "Backplane",
    "BridgeConfig",
    "BridgeState",
    "ConnectionId",
    "ConnectionStatistics",
    "EmitterMetrics",
    "Envelope",
    "Event",
    "Health",
    "HealthStatus",
    "ManagerConfig",
    "ManagerMetrics",
    "Measurement",
    "MemoryBackplane",
    "MessageTooLargeError",
    "MonitorableComponent",
    "Receipt",
    "RedisBackplane",
    "Retention",
    "RetryPolicy",
    "SocketRequest",
    "SqliteBackplane",
    "ToolCompletedPayload",
    "ToolExecutingPayload",
    "Transport",
    "UnifiedWebSocketEmitter",
    "UnifiedWebSocketManager",
    "UserExecutionContext",
    "WebSocketAuthorizationError",
    "WebSocketBackplaneError",
    "WebSocketConnection",
    "WebSocketConnectionError",
    "WebSocketDeliveryError",
    "WebSocketEmitterFactory",
    "WebSocketEmitterPool",
    "WebSocketEmitterProtocol",
    "WebSocketError",
    "WebSocketLimitError",
    "WebSocketManagerProtocol",
    "WebSocketPayloadError",
    "WebSocketStateError",
    "WrongLoopError",
    "from_context",
    "iso_utc",
    "unix_milliseconds",
    "unix_seconds",
]
