"""A call that sends an event does not fit the method it calls.

*Why it matters*: Python raises TypeError when the line runs, and not before. Lines that send events run late
in a request, often in a background task where the traceback is lost with the event.

*What to do instead*: pass what the method asks for. Where two emitters take different arguments, pass them
by keyword and let them agree.

*Limits*: reported only if every method that the call may reach refuses it. Arguments unpacked with `*` or
`**` count as fitting, and so does every call of a decorated method that a decorator may change. A receiver
whose type is not known is not judged.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import dotted
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.naming import named_event, sends_by_name
from wsconsolidate.model.program import Certainty, Edge, Function
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.signature import is_as_written, misfit

_SENDERS = (Role.EMITTER, Role.BRIDGE, Role.MANAGER, Role.CONNECTION, Role.PROTOCOL)


def check(found: Analysis) -> Iterator[Finding]:
    """Each call of a sender's method that none of the methods it may reach can take."""
    for edge in (one for edges in found.program.edges.values() for one in edges):
        if edge.certainty is not Certainty.TYPED or found.program.files[edge.path].in_tests:
            continue
        targets = [found.program.functions.get(id) for id in edge.targets]
        known = [one for one in targets if one is not None and _is_event_call(found, one)]
        reasons = [_refusal(found, edge, one) for one in known]
        if known and len(known) == len(targets) and all(reasons) and _every_type_is_known(found, edge):
            yield _finding(found, edge, known[0], reasons[0] or "")


def _is_event_call(found: Analysis, target: Function) -> bool:
    named = sends_by_name(target.name) or named_event(target.name, found.vocabulary) is not None
    return named and found.role(target.owner) in _SENDERS


def _refusal(found: Analysis, edge: Edge, target: Function) -> str | None:
    """Why a method refuses the call; None where it may take it."""
    static = any(dotted(decorator) == "staticmethod" for decorator in target.facts.decorators)
    by_class = any(one.name == "builtins.type" for one in edge.receiver)
    if by_class or not is_as_written(target.facts):
        return None
    reason = misfit(edge.call, target.facts, bound=not static)
    return None if reason is None or _is_written_twice(found, target) else reason


def _is_written_twice(found: Analysis, target: Function) -> bool:
    """True for a method of which another definition may be the one that counts."""
    same = (one for one in found.program.functions.values() if one.owner == target.owner)
    return sum(one.name == target.name for one in same) > 1


def _every_type_is_known(found: Analysis, edge: Edge) -> bool:
    """True if each type that the receiver may have offers the method as it was read."""
    classes = [found.program.class_(one.id) for one in edge.receiver]
    return all(one is not None and found.program.method(one, _called(edge)) is not None for one in classes)


def _called(edge: Edge) -> str:
    return (dotted(edge.call.func) or "").rpartition(".")[2]


def _finding(found: Analysis, edge: Edge, target: Function, reason: str) -> Finding:
    caller = found.program.functions.get(edge.scope)
    return Finding(
        message=f"this call of {target.qualname} raises TypeError: {reason}",
        path=edge.path,
        line=edge.line,
        symbol=caller.qualname if caller else found.program.files[edge.path].name,
        identity=dotted(edge.call.func) or target.name,
        related=(Related(path=target.path, line=target.line, message="the method"),),
    )


_EMITTER = """
# file: app/emitter.py
from fastapi import WebSocket

class AgentEmitter:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def notify_agent_started(self, run_id: str, agent: str, user_id: str, thread: str = "") -> None:
        await self.websocket.send_json({"type": "agent_started", "run": run_id, "agent": agent})

    async def notify_agent_completed(self, run_id: str, *, result: dict) -> None:
        await self.websocket.send_json({"type": "agent_completed", "run": run_id, **result})

    async def notify_tool_executing(self, *details: str, **more: str) -> None:
        await self.websocket.send_json({"type": "tool_executing", **more})

    @staticmethod
    async def send_ping(websocket: WebSocket) -> None:
        await websocket.send_json({"type": "ping"})
"""

RULE = Rule(
    code="WSC208",
    name="event-call-mismatch",
    severity=Severity.ERROR,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _EMITTER
        + """
# file: app/agent.py
from app.emitter import AgentEmitter

class Agent:
    def __init__(self, emitter=None) -> None:
        self.emitter = emitter

    async def hand_over(self, agent: str, task: str) -> None:
        await self.emitter.notify_agent_started(agent, task)  # expect: WSC208

    async def done(self, run_id: str, result: dict) -> None:
        await self.emitter.notify_agent_completed(run_id, result)  # expect: WSC208
        await self.emitter.notify_agent_completed(run_id, result=result, ok=True)  # expect: WSC208
        await self.emitter.notify_agent_started(run_id, "a", "u", run_id=run_id)  # expect: WSC208
        await self.emitter.send_ping()  # expect: WSC208

def build(websocket) -> Agent:
    return Agent(AgentEmitter(websocket))
""",
    ),
    good=(
        _EMITTER
        + """
# file: app/agent.py
import functools

from app.emitter import AgentEmitter

def with_run(function):
    @functools.wraps(function)
    async def wrapper(self, *args):
        return await function(self, "run", *args)
    return wrapper

class ShortEmitter:
    def __init__(self, websocket) -> None:
        self.websocket = websocket

    async def notify_agent_started(self, agent: str) -> None:
        await self.websocket.send_json({"type": "agent_started", "agent": agent})

    @with_run
    async def notify_agent_completed(self, run_id: str, agent: str) -> None:
        await self.websocket.send_json({"type": "agent_completed", "agent": agent})

class Agent:
    def __init__(
        self, emitter: AgentEmitter, either: AgentEmitter | ShortEmitter, short: ShortEmitter
    ) -> None:
        self.emitter = emitter
        self.either = either
        self.short = short

    async def run(self, given: dict, names: list[str]) -> None:
        # trap: what is unpacked may fit
        await self.emitter.notify_agent_started(**given)
        await self.emitter.notify_agent_started(*names)
        # trap: by keyword, in another order
        await self.emitter.notify_agent_started(user_id="u", run_id="r", agent="a")
        # trap: a method that takes anything
        await self.emitter.notify_tool_executing("a", "b", tool="c")
        # trap: one of the two takes it
        await self.either.notify_agent_started("a")
        # trap: the decorator adds an argument
        await self.short.notify_agent_completed("a")
        # trap: a static method has no instance
        await self.emitter.send_ping(self.emitter.websocket)
        # trap: through the class, with the instance
        await AgentEmitter.notify_agent_started(self.emitter, "r", "a", "u")

async def unknown(emitter) -> None:
    # trap: nobody knows what is given here
    await emitter.notify_agent_started()
""",
    ),
)
