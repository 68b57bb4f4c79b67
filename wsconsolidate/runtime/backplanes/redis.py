"""A store in Redis or Valkey (6.2 or newer, not a cluster), with redis-py: many processes, many machines.

One script per batch does everything that must not come apart: idempotency, numbers, entries, expiry,
wake-up. The wake-up carries frames that are not long, so that who has heard it need not read them;
what was not heard is read from the stream. What redis-py costs for each command and message is more
than what the server does with it, hence the batches.

A server that was restarted, or whose replica took over, may have lost its last events, and nobody may
be left who knew of them. Hence every life of a server is an epoch of its own, unless it is `durable`.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from ..errors import WebSocketBackplaneError
from .backplane import READ_BYTES, History, Message, OnWake, Place, Retention, Stored, Want, new_epoch

STANDING = """
redis.replicate_commands()
local store = redis.call('HMGET', KEYS[1], 'epoch', 'total', 'life')
local epoch, total, known = store[1], tonumber(store[2] or '0'), tonumber(ARGV[2])
local life = ARGV[3]
if life == '' then life = string.match(redis.call('INFO', 'server'), 'run_id:(%w+)') end
if not epoch or total < known or life ~= store[3] then
  epoch = ARGV[1]
  if total < known then total = known end
  redis.call('HSET', KEYS[1], 'epoch', epoch, 'total', total, 'life', life)
end
local function triples(lengths, joined)
  local at, next_three = 1, string.gmatch(lengths, '(%d+) (%d+) (%d+)')
  return function()
    local found, from = {next_three()}, at
    for i, length in ipairs(found) do
      found[i], at = string.sub(joined, at, at + length - 1), at + length
    end
    return unpack(found)
  end
end
"""
DURABLE = "durable"
APPEND = (
    STANDING
    + """
local prefix, places, news, carried = ARGV[4], {}, {}, {}
for user, key, text in triples(ARGV[5], ARGV[6]) do
  key = prefix .. ':k:' .. key
  local seq = tonumber(redis.call('GET', key))
  if not seq then
    local numbers, entries = prefix .. ':n:' .. user, prefix .. ':e:' .. user
    local last = redis.call('GET', numbers)
    if not last then
      last = total
      redis.call('DEL', entries)
    end
    total, seq = total + 1, last + 1
    redis.call('SET', numbers, seq, 'PX', ARGV[9])
    redis.call('XADD', entries, 'MAXLEN', ARGV[7], seq .. '-1', 't', text)
    redis.call('PEXPIRE', entries, ARGV[8])
    redis.call('SET', key, seq, 'PX', ARGV[8])
    local length = '-'
    carried[#carried + 1] = user
    if #text <= CARRIED then carried[#carried + 1], length = text, #text end
    news[#news + 1] = #user .. ' ' .. seq .. ' ' .. length
  end
  places[#places + 1] = seq
end
redis.call('HSET', KEYS[1], 'total', total)
if #news > 0 then
  local head = ARGV[10] .. ' ' .. epoch .. ' ' .. total .. ' ' .. table.concat(news, ' ')
  redis.call('PUBLISH', prefix .. ':wake', head .. '\\n' .. table.concat(carried))
end
return {epoch, total, table.concat(places, ' ')}
""".replace("CARRIED", "4096")
)
READ = (
    STANDING
    + """
local prefix, room, figures, texts = ARGV[4], tonumber(ARGV[7]), {}, {}
for user, after, limit in triples(ARGV[5], ARGV[6]) do
  local numbers, entries = prefix .. ':n:' .. user, prefix .. ':e:' .. user
  local seq = redis.call('GET', numbers)
  if not seq then
    seq = total
    redis.call('SET', numbers, seq, 'PX', ARGV[8])
    redis.call('DEL', entries)
  end
  local first = redis.call('XRANGE', entries, '-', '+', 'COUNT', 1)[1]
  local tail = first and tonumber(string.match(first[1], '%d+')) - 1 or seq
  local page, wanted, begin = {}, tonumber(limit), '(' .. after .. '-1'
  repeat
    local some = redis.call('XRANGE', entries, begin, '+', 'COUNT', math.min(wanted, STEP))
    for _, entry in ipairs(some) do
      if room <= 0 and #page > 0 then break end
      local text = entry[2][2]
      texts[#texts + 1], room, wanted = text, room - #text, wanted - 1
      page[#page + 1] = string.match(entry[1], '%d+') .. ':' .. #text
      begin = '(' .. entry[1]
    end
  until #some < STEP or room <= 0 or wanted == 0
  figures[#figures + 1] = seq .. ' ' .. tail .. ' ' .. table.concat(page, ' ')
end
return {epoch, total, table.concat(figures, '\\n'), table.concat(texts)}
""".replace("STEP", "32")
)
CONNECTIONS = 50
SILENCES = 3
"""So many pings without an answer, and the listener is deaf."""
NUMBERS_LIVE_MS = 30 * 24 * 3600 * 1000
"""A number is remembered longer than the events, so that whoever comes back knows that nothing came."""


class RedisBackplane:
    """The users' logs in a Redis or Valkey server.

    `durable` says that the server forgets nothing that it has answered: it syncs every write to its
    disk (`appendonly yes`, `appendfsync always`), and no replica takes over from it. Then a restart
    of it costs no session a gap. Otherwise the user that the scripts run as must be allowed `INFO`.

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
        durable: bool = False,
    ) -> None:
        self._url = url
        self._life = DURABLE if durable else ""
        self._prefix = prefix
        self._retention = retention if retention is not None else Retention()
        self._timeout_seconds = timeout_seconds
        self._name = new_epoch()
        self._listeners = 0
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
                protocol=2,  # with 3, redis-py writes out every wake-up for its log, also if nobody logs
            )
            self._client = redis.Redis.from_pool(pool)
            self._scripts = self._client.register_script(APPEND), self._client.register_script(READ)

    async def close(self) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client is not None:
            await client.aclose()

    async def append(self, messages: Sequence[Message], known: int) -> tuple[Place, ...]:
        """Take frames in, with one script."""
        self._connected()
        arguments = (*self._standing(known), *packed(messages), *self._limits())
        with Failures(self._url):
            epoch, total, seqs = await self._append_script(keys=[f"{self._prefix}:store"], args=arguments)
        return tuple(Place(epoch.decode(), int(seq), int(total)) for seq in seqs.split())

    async def read(self, wants: Sequence[Want], known: int) -> tuple[History, ...]:
        """Pages of entries, with one script."""
        self._connected()
        arguments = (*self._standing(known), *packed(wants), READ_BYTES, NUMBERS_LIVE_MS)
        with Failures(self._url):
            epoch, total, pages, texts = await self._read_script(
                keys=[f"{self._prefix}:store"], args=arguments
            )
            return tuple(_histories(epoch.decode(), int(total), pages.decode(), texts))

    async def listen(self, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        """Tell of every event that is published, but for those that were appended here.

        Of these the answer to `append` has said everything, unless somebody else listens here too.
        """
        client = self._connected()
        self._listeners += 1
        try:
            with Failures(self._url):
                async with client.pubsub() as channel:
                    await self._hear(channel, on_wake, on_ready)
        finally:
            self._listeners -= 1
        raise WebSocketBackplaneError(f"{self._url} does not answer its listener")

    async def _hear(self, channel: Any, on_wake: OnWake, on_ready: Callable[[], None]) -> None:
        await channel.subscribe(f"{self._prefix}:wake")
        own = f"{self._name} ".encode()
        silent = 0
        while silent < SILENCES:
            said = await channel.get_message(timeout=self._timeout_seconds / 2)
            silent = 0 if said is not None else silent + 1
            if said is None:
                await channel.ping()
            elif said["type"] == "subscribe":
                on_ready()
            elif said["type"] == "message" and not (self._listeners == 1 and said["data"].startswith(own)):
                for news in _news(said["data"]):
                    on_wake(*news)

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

    def _standing(self, known: int) -> tuple[str, int, str, str]:
        return new_epoch(), known, self._life, self._prefix

    def _limits(self) -> tuple[int, int, int, str]:
        return self._retention.events, round(self._retention.seconds * 1000), NUMBERS_LIVE_MS, self._name


class Failures:
    """Everything that redis-py raises, as the runtime's own error.

    When a call is cancelled, redis-py may raise something else instead, also none of its own errors;
    a task that is being cancelled ends nevertheless.
    """

    def __init__(self, url: str) -> None:
        self._url = url

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, _: object) -> None:
        task = asyncio.current_task()
        if isinstance(error, Exception) and task is not None and task.cancelling():
            raise asyncio.CancelledError from error
        if isinstance(error, Exception):
            raise WebSocketBackplaneError(f"{self._url}: {error!r}") from error


def _redis() -> Any:
    try:
        return import_module("redis.asyncio")
    except ImportError as error:
        raise WebSocketBackplaneError("RedisBackplane needs redis-py: pip install redis") from error


def packed(rows: Iterable[Iterable[object]]) -> tuple[str, bytes]:
    """Many values as two, their lengths and all of them joined: redis-py is slow with many."""
    texts = [str(value) for row in rows for value in row]
    joined = "".join(texts)
    values: Iterable[str | bytes] = texts if joined.isascii() else map(str.encode, texts)
    return " ".join(map(str, map(len, values))), joined.encode()


def _news(said: bytes) -> Iterator[tuple[str, Place, str | None]]:
    """What a wake-up says of each event: its user, its place and, if it is not long, its text."""
    head, _, joined = said.partition(b"\n")
    _, epoch, total, *figures = head.decode().split()
    taken_in, at, each = int(total), 0, iter(figures)
    for user, seq, length in zip(each, each, each, strict=True):
        begin, at = at, at + int(user)
        user_id, text = joined[begin:at].decode(), None
        if length != "-":
            begin, at = at, at + int(length)
            text = joined[begin:at].decode()
        yield user_id, Place(epoch, int(seq), taken_in), text


def _histories(epoch: str, total: int, pages: str, texts: bytes) -> Iterator[History]:
    at = 0
    for page in pages.split("\n"):
        seq, tail, *lengths = page.split()
        entries = []
        for entry in lengths:
            number, _, length = entry.partition(":")
            begin, at = at, at + int(length)
            entries.append(Stored(int(number), texts[begin:at].decode()))
        yield History(Place(epoch, int(seq), total), int(tail), tuple(entries))
