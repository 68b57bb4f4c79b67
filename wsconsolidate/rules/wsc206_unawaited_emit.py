"""The coroutine that would send an event is made and dropped.

*Why it matters*: calling a coroutine function runs none of its code. Without `await` the event is never
sent; Python only mumbles "coroutine was never awaited" when the garbage collector finds it.

*What to do instead*: `await` the call. Where the caller must not wait, hand it to a task group, or to
`asyncio.create_task` and keep the task.

*Limits*: only calls whose value is dropped at once are seen, not one that is assigned and forgotten. A call
that may reach a plain function as well is not accused, nor is one under a decorator that nobody can look
into; nor is the call of a callable that was handed over, which may be any.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import Call, Expr, dotted, unparse
from wsconsolidate.model.facts import Use
from wsconsolidate.model.finding import Applicability, Finding, Severity
from wsconsolidate.model.program import Certainty, Edge, Function
from wsconsolidate.model.rule import Rule

_LATER = "the caller waits for the event now, and meets what sending it raises"
_OPEN = (Certainty.HANDED_OVER, Certainty.KEPT, Certainty.QUEUED)
_PLAIN = "its caller is no coroutine: make it one, or hand the call to a task that is kept"
_TRANSPARENT = frozenset(
    ("staticmethod", "classmethod", "abstractmethod", "override", "final", "wraps", "retry", "on_exception")
)


def check(found: Analysis) -> Iterator[Finding]:
    """Each dropped call whose every target is a coroutine function, one of which emits."""
    files = found.program.files
    for edge in (one for edges in found.program.edges.values() for one in edges):
        if not _is_dropped(edge) or files[edge.path].in_tests:
            continue
        targets = [found.program.functions.get(target) for target in edge.targets]
        known = [one for one in targets if one is not None and _is_coroutine(one)]
        if known and len(known) == len(targets) and any(_emits(one, found) for one in known):
            yield _finding(edge, known[0], found)


def _is_dropped(edge: Edge) -> bool:
    """True for a call that nobody awaits, and of which it is known what it calls."""
    known = edge.certainty not in _OPEN
    return known and edge.site.use is Use.DROPPED and not edge.site.awaited


def _is_coroutine(function: Function) -> bool:
    facts = function.facts
    generator = facts.body is not None and facts.body.yields
    return facts.is_async and not generator and all(_is_transparent(one) for one in facts.decorators)


def _is_transparent(decorator: Expr) -> bool:
    """True if what is decorated stays a coroutine function."""
    name = dotted(decorator.func if isinstance(decorator, Call) else decorator) or ""
    return name.rpartition(".")[2] in _TRANSPARENT


def _emits(function: Function, found: Analysis) -> bool:
    events = found.coverage.get(function.owner, {}) if function.owner else {}
    named = any(covered.via == function.name for covered in events.values())
    return named or function.scope in found.program.onward


def _finding(edge: Edge, target: Function, found: Analysis) -> Finding:
    caller = found.program.functions.get(edge.scope)
    called = unparse(edge.call.func)
    can_await = caller is not None and caller.facts.is_async
    return Finding(
        message=f"{called}() is not awaited: {target.qualname} never runs and its event is lost",
        path=edge.path,
        line=edge.line,
        symbol=caller.qualname if caller else found.program.files[edge.path].name,
        identity=f"{caller.name if caller else ''}: {called}",
        fix=Applicability.UNSAFE if can_await else Applicability.DISPLAY,
        fix_reason=_LATER if can_await else _PLAIN,
    )


_EMITTER = """
# file: app/emitter.py
import asyncio

from fastapi import WebSocket

class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}

    async def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    async def send_to_user(self, user_id: str, message: dict) -> None:
        await self.connections[user_id].send_json(message)

class AgentEmitter:
    def __init__(self, manager: ConnectionManager) -> None:
        self.manager = manager

    async def emit_agent_started(self, user_id: str) -> None:
        await self.manager.send_to_user(user_id, {"type": "agent_started"})

    async def emit_agent_completed(self, user_id: str) -> None:
        await self.manager.send_to_user(user_id, {"type": "agent_completed"})

    def emit_soon(self, user_id: str) -> None:
        asyncio.create_task(self.emit_agent_completed(user_id))
"""

RULE = Rule(
    code="WSC206",
    name="unawaited-emit",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _EMITTER
        + """
# file: app/engine.py
from app.emitter import AgentEmitter

class Engine:
    def __init__(self, emitter: AgentEmitter) -> None:
        self.emitter = emitter

    async def run(self, user_id: str) -> None:
        await self.emitter.emit_agent_started(user_id)
        self.emitter.emit_agent_completed(user_id)  # expect: WSC206

    def cancel(self, user_id: str) -> None:
        if user_id:
            self.emitter.emit_agent_completed(user_id)  # expect: WSC206

# file: app/declared.py
from typing import Protocol

class Emitter(Protocol):
    async def notify_agent_thinking(self, user_id: str) -> None: ...
    async def notify_tool_executing(self, user_id: str) -> None: ...

class Declared:
    def __init__(self, emitter: Emitter) -> None:
        self.emitter = emitter

    async def stop(self, user_id: str) -> None:
        # nobody in this program implements the protocol
        self.emitter.notify_agent_thinking(user_id)  # expect: WSC206
""",
    ),
    good=(
        _EMITTER
        + """
# file: app/engine.py
import asyncio

from app.emitter import AgentEmitter

class Engine:
    def __init__(self, emitter: AgentEmitter) -> None:
        self.emitter = emitter
        self.tasks: list[asyncio.Task] = []

    def later(self, user_id: str) -> None:
        # trap: the task awaits it
        asyncio.create_task(self.emitter.emit_agent_started(user_id))
        self.tasks.append(asyncio.ensure_future(self.emitter.emit_agent_completed(user_id)))

    async def both(self, user_id: str) -> None:
        # trap: gather awaits them
        await asyncio.gather(
            self.emitter.emit_agent_started(user_id),
            self.emitter.emit_agent_completed(user_id),
        )

    def handed_on(self, user_id: str):
        # trap: the caller gets it, and may await it
        return self.emitter.emit_agent_completed(user_id)

    async def assigned(self, user_id: str) -> None:
        # trap: awaited a line later
        sending = self.emitter.emit_agent_completed(user_id)
        await sending

    def forget(self, user_id: str) -> None:
        # trap: a plain method needs no await, though a socket is reached from it
        self.emitter.emit_soon(user_id)

    async def tidy(self) -> None:
        await asyncio.sleep(1)

    def start(self) -> None:
        # trap: a mistake, but no event is lost
        self.tidy()

class Recorder:
    def emit_agent_completed(self, user_id: str) -> None:
        print(user_id)

class Either:
    def __init__(self, emitter: AgentEmitter | Recorder) -> None:
        self.emitter = emitter

    def stop(self, user_id: str) -> None:
        # trap: one of the two needs no await
        self.emitter.emit_agent_completed(user_id)

# file: app/callback.py
import inspect
from collections.abc import Callable

from app.emitter import AgentEmitter

class Runner:
    def __init__(self, on_done: Callable) -> None:
        self.on_done = on_done

    def finish(self, user_id: str) -> None:
        # trap: whoever hands over a coroutine function is not served here
        if not inspect.iscoroutinefunction(self.on_done):
            self.on_done(user_id)

def runner(emitter: AgentEmitter) -> Runner:
    return Runner(emitter.emit_agent_completed)

# file: app/queued.py
import asyncio

from fastapi import WebSocket

class Outbox:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket
        self.queue: asyncio.Queue = asyncio.Queue()

    async def drain(self) -> None:
        while True:
            await self.websocket.send_json(await self.queue.get())

    async def emit_agent_completed(self) -> None:
        # trap: what drains the queue runs by itself
        self.queue.put_nowait({"type": "agent_completed"})

# file: tests/test_engine.py
# trap: a test may want the warning
from app.emitter import AgentEmitter

def test_warning(emitter: AgentEmitter) -> None:
    emitter.emit_agent_completed("u")
""",
        """
# file: app/feed.py
from collections.abc import AsyncIterator

from fastapi import WebSocket

def scheduled(function):
    return function

class Feed:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    @scheduled
    async def emit_agent_started(self) -> None:
        # trap: the decorator may start it
        await self.websocket.send_json({"type": "agent_started"})

    async def emit_agent_completed(self) -> AsyncIterator[str]:
        # trap: an asynchronous generator is no coroutine
        await self.websocket.send_json({"type": "agent_completed"})
        yield "done"

    def run(self) -> None:
        self.emit_agent_started()
        self.emit_agent_completed()
""",
    ),
)
