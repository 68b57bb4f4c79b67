"""An override refuses calls that its base takes.

*Why it matters*: whoever holds an emitter or manager calls it as the base says. With this subclass in its
place the same line raises TypeError, in the one deployment that uses it.

*What to do instead*: give the new parameter a default, keep the ones that the base takes, or give the method
another name.

*Limits*: public methods of managers, emitters, bridges and connections that override one of a class of the
program, where the order of inheritance is exact. Constructors and class methods may differ, and a base that
takes `*args` or `**kwargs` promises nothing. Another name for a positional parameter is not reported, nor a
plain method in the place of a coroutine.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.expr import dotted
from wsconsolidate.model.facts import FunctionFacts
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Class, Function, MroStatus
from wsconsolidate.model.role import Role
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.signature import is_as_written, narrowing

_ROLES = (Role.MANAGER, Role.EMITTER, Role.BRIDGE, Role.CONNECTION)


def check(found: Analysis) -> Iterator[Finding]:
    """Each own method that takes less than the method it overrides."""
    for one in found.production(*_ROLES):
        if one.mro.status is not MroStatus.EXACT:
            continue
        for function in one.functions.values():
            base = _overridden(found, one, function)
            reason = base and _conflict(function.facts, base.facts)
            if base and reason:
                yield Finding(
                    message=f"{one.name}.{function.name} does not fit {base.qualname}: {reason}",
                    path=function.path,
                    line=function.line,
                    symbol=function.qualname,
                    related=(Related(path=base.path, line=base.line, message="the method it overrides"),),
                )


def _overridden(found: Analysis, one: Class, function: Function) -> Function | None:
    """The method of a class of the program that comes next in the order."""
    for id in one.mro.ids[1:]:
        above = found.program.class_(id)
        if above is not None and function.name in above.functions:
            return above.functions[function.name] if above.in_tree else None
    return None


def _conflict(own: FunctionFacts, base: FunctionFacts) -> str | None:
    private = own.name.startswith("_")
    plain = all(is_as_written(facts) and not _is_unbound(facts) for facts in (own, base))
    return None if private or not plain else narrowing(own, base)


def _is_unbound(facts: FunctionFacts) -> bool:
    """True for a static or class method."""
    return any(dotted(decorator) in ("staticmethod", "classmethod") for decorator in facts.decorators)


_BASE = """
# file: app/emitter.py
from fastapi import WebSocket

class AgentEmitter:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def emit_agent_started(self, data: dict) -> bool:
        await self.websocket.send_json({"type": "agent_started", **data})

    async def emit_agent_thinking(self, data: dict, step: int = 0) -> bool:
        await self.websocket.send_json({"type": "agent_thinking", **data})

    async def emit_tool_executing(self, *args, **kwargs) -> bool:
        await self.websocket.send_json({"type": "tool_executing", **kwargs})

    async def emit_agent_completed(self, data: dict, *, final: bool = True) -> bool:
        await self.websocket.send_json({"type": "agent_completed", **data})

    @classmethod
    def on(cls, websocket: WebSocket) -> "AgentEmitter":
        return cls(websocket)
"""

RULE = Rule(
    code="WSC302",
    name="conflicting-override",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _BASE
        + """
# file: app/throttled.py
from app.emitter import AgentEmitter

class ThrottledEmitter(AgentEmitter):
    async def emit_agent_started(self, data: dict, priority: int) -> bool:  # expect: WSC302
        return await super().emit_agent_started(data)

    async def emit_agent_thinking(self, data: dict) -> bool:  # expect: WSC302
        return await super().emit_agent_thinking(data)

    async def emit_agent_completed(self, data: dict) -> bool:  # expect: WSC302
        return await super().emit_agent_completed(data)
""",
    ),
    good=(
        _BASE
        + """
# file: app/throttled.py
from unknown import Mixin, traced

from app.emitter import AgentEmitter

class ThrottledEmitter(AgentEmitter):
    def __init__(self, websocket, interval: float) -> None:
        # trap: a constructor is called by its own name
        super().__init__(websocket)

    async def emit_agent_started(self, data: dict, priority: int = 0, *more: str) -> bool:
        # trap: more than the base takes
        return await super().emit_agent_started(data)

    async def emit_agent_thinking(self, *args, **kwargs) -> bool:
        # trap: whatever the base takes
        return await super().emit_agent_thinking(*args, **kwargs)

    async def emit_tool_executing(self, tool: str) -> bool:
        # trap: the base takes anything and promises nothing
        return await super().emit_tool_executing(tool)

    @classmethod
    def on(cls, websocket, interval: float) -> "ThrottledEmitter":
        # trap: another way to make one
        return cls(websocket, interval)

    def emit_agent_completed(self, message: dict, *, final: bool = True):
        # trap: another name, and a coroutine is given back
        return super().emit_agent_completed(message, final=final)

class SyncEmitter(AgentEmitter):
    def emit_agent_completed(self, data: dict, *, final: bool = True) -> None:
        # trap: the twin for threads
        print(data)

class MixedEmitter(Mixin, AgentEmitter):
    async def emit_agent_started(self, data: dict, priority: int) -> bool:
        # trap: the order is not known
        return await super().emit_agent_started(data)

class TracedEmitter(AgentEmitter):
    @traced
    async def emit_agent_started(self, run, data: dict) -> bool:
        # trap: the decorator may fill in an argument
        return await super().emit_agent_started(data)
""",
    ),
)
