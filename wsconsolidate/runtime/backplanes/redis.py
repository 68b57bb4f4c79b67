"""A store in Redis or Valkey (6.2 or newer, not a cluster), with redis-py: many processes, many machines.

One script per append does everything that must not come apart: idempotency, number, entry, expiry,
wake-up. The wake-up carries no payload; who needs it reads the stream. Appends go in pipelines.
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from ..errors import WebSocketBackplaneError
from .backplane import History, Message, OnWake, Place, Retention, Stored, new_epoch

STANDING = """
local epoch = redis.call('HGET', KEYS[1], 'epoch')
local total = tonumber(redis.call('HGET', KEYS[1], 'total') or '0')
local known = tonumber(ARGV[2])
if not epoch or total < known then
  epoch = ARGV[1]
  if total < known then total = known end
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'total', total)
end
"""
APPEND = (
    STANDING
    + """
local seen = redis.call('GET', KEYS[4])
if seen then return {epoch, tonumber(seen), total} end
total = redis.call('HINCRBY', KEYS[1], 'total', 1)
redis.call('SET', KEYS[2], total - 1, 'NX')
local seq = redis.call('INCR', KEYS[2])
redis.call('PEXPIRE', KEYS[2], ARGV[6])
redis.call('XADD', KEYS[3], 'MAXLEN', ARGV[4], seq .. '-1', 't', ARGV[3])
redis.call('PEXPIRE', KEYS[3], ARGV[5])
redis.call('SET', KEYS[4], seq, 'PX', ARGV[5])
redis.call('PUBLISH', ARGV[7], epoch .. ' ' .. seq .. ' ' .. total .. ' ' .. ARGV[8])
return {epoch, seq, total}
"""
)
READ = (
    STANDING
    + """
local seq = tonumber(redis.call('GET', KEYS[2]) or total)
local first = redis.call('XRANGE', KEYS[3], '-', '+', 'COUNT', 1)
local page = redis.call('XRANGE', KEYS[3], '(' .. ARGV[3] .. '-1', '+', 'COUNT', ARGV[4])
return {epoch, seq, total, first, page}
"""
)
CONNECTIONS = 50
SILENCES = 3
"""So many pings without an answer, and the listener is deaf."""
NUMBERS_LIVE_MS = 30 * 24 * 3600 * 1000
"""A number is remembered longer than the events, so that whoever comes back knows that nothing came."""


class RedisBackplane:
    """The users' logs in a Redis or Valkey server.

    Example:
        >>> backplane = RedisBackplane("redis://localhost:6379/0")
        >>> # UnifiedWebSocketManager(ManagerConfig(), backplane=backplane)
    """

    def __init__(
        self,
        url: str,
        *,
        prefix: str = "wsconsolidate",
        retention: Retention | None = None,
        timeout_seconds: float = 5.0,
    ) -> None:
        self._url = url
        self._prefix = prefix
        self._retention = retention if retention is not None else Retention()
        self._timeout_seconds = timeout_seconds
        self._client: Any = None
        self._scripts: tuple[Any, Any] | None = None

    async def open(self) -> None:
        """Prepare a client; the connection is made when it is needed."""
        if self._client is None:
            redis = _redis()
            pool = redis.BlockingConnectionPool.from_url(
                self._url,
                max_connections=CONNECTIONS,
                timeout=self._timeout_seconds,
                socket_timeout=self._timeout_seconds,
                socket_connect_timeout=self._timeout_seconds,
                decode_responses=True,
            )
            self._client = redis.Redis.from_pool(pool)
            self._scripts = self._client.register_script(APPEND), self._client.register_script(READ)

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def append(self, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        """Take frames in, with one pipeline."""
        with _Failures(self._url):
            async with self._connected().pipeline(transaction=False) as pipeline:
                for message in messages:
                    await self._append_script(
                        keys=self._keys(message), args=self._arguments(message, known), client=pipeline
                    )
                answers = await pipeline.execute()
        return tuple(Place(epoch, int(seq), int(total)) for epoch, seq, total in answers)

    async def read(self, user_id: str, after: int, limit: int, known: int) -> History:
        """The user's next entries."""
        self._connected()
        keys = [f"{self._prefix}:store", f"{self._prefix}:n:{user_id}", f"{self._prefix}:e:{user_id}"]
        with _Failures(self._url):
            answer = await self._read_script(keys=keys, args=[new_epoch(), known, after, limit])
        epoch, seq, total, first, page = answer
        tail = _number(first[0]) - 1 if first else int(seq)
        entries = tuple(Stored(_number(entry), entry[1][1]) for entry in page)
        return History(Place(epoch, int(seq), int(total)), tail, entries)

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Tell of every event that is published."""
        client = self._connected()
        with _Failures(self._url):
            async with client.pubsub() as channel:
                await channel.subscribe(f"{self._prefix}:wake")
                silent = 0
                while silent < SILENCES:
                    said = await channel.get_message(timeout=self._timeout_seconds / 2)
                    silent = 0 if said is not None else silent + 1
                    if said is None:
                        await channel.ping()
                    elif said["type"] == "subscribe":
                        on_ready()
                    elif said["type"] == "message":
                        epoch, seq, total, user_id = said["data"].split(" ", 3)
                        on_wake(user_id, Place(epoch, int(seq), int(total)))

        raise WebSocketBackplaneError(f"{self._url} does not answer its listener")

    @property
    def _append_script(self) -> Any:
        assert self._scripts is not None  # noqa: S101 - made with the client
        return self._scripts[0]

    @property
    def _read_script(self) -> Any:
        assert self._scripts is not None  # noqa: S101 - made with the client
        return self._scripts[1]

    def _connected(self) -> Any:
        if self._client is None:
            raise WebSocketBackplaneError(f"{self._url} is not open")
        return self._client

    def _keys(self, message: Message) -> list[str]:
        prefix, user_id = self._prefix, message.user_id
        return [
            f"{prefix}:store",
            f"{prefix}:n:{user_id}",
            f"{prefix}:e:{user_id}",
            f"{prefix}:k:{message.key}",
        ]

    def _arguments(self, message: Message, known: int) -> list[str | int]:
        return [
            new_epoch(),
            known,
            message.text,
            self._retention.events,
            round(self._retention.seconds * 1000),
            NUMBERS_LIVE_MS,
            f"{self._prefix}:wake",
            message.user_id,
        ]


class _Failures:
    """Everything that redis-py raises, as the runtime's own error."""

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        if isinstance(error, (import_module("redis").RedisError, OSError)):
            raise WebSocketBackplaneError(f"{self._url}: {error!r}") from error


def _redis() -> Any:
    try:
        return import_module("redis.asyncio")
    except ImportError as error:
        raise WebSocketBackplaneError("RedisBackplane needs redis-py: pip install redis") from error


def _number(entry: Sequence[str]) -> int:
    return int(entry[0].partition("-")[0])
