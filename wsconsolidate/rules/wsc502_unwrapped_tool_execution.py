"""A tool is run by a way on which nobody is told.

*Why it matters*: elsewhere the same call stands between `tool_executing` and `tool_completed`. Here it does
not: the user sees an agent that thinks for a long time and then knows something.

*What to do instead*: call what wraps the tool in its events. If nobody watches on purpose (a nightly batch),
say so in a suppression.

*Limits*: a way of running tools is known by a function that tells of both events and runs the tool in
between, and whose name, class or module speaks of tools. A program that wraps no tool anywhere has nothing
to compare with.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Related, Severity
from wsconsolidate.model.program import Edge, Function, FunctionId
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.tool_runs import ToolRuns


def check(found: Analysis) -> Iterator[Finding]:
    """Each call of a tool's function outside of the events that other callers put around it."""
    tools = ToolRuns(found.program, found.vocabulary, found.carrying)
    wrapped = {tool: edge for edge in tools.wrapped() for tool in edge.targets}
    told = set()
    for tool, example in wrapped.items():
        for edge in found.program.callers(found.program.functions[tool]):
            caller = found.program.functions.get(edge.scope)
            if caller is None or tools.is_told(caller) or (caller.id, tool) in told:
                continue
            told.add((caller.id, tool))
            yield _finding(found, edge, caller, tool, example)


def _finding(found: Analysis, edge: Edge, caller: Function, tool: FunctionId, example: Edge) -> Finding:
    name = found.program.functions[tool].qualname
    return Finding(
        message=f"{caller.qualname} runs {name} and tells nobody",
        path=edge.path,
        line=edge.line,
        symbol=caller.qualname,
        identity=name,
        related=(Related(path=example.path, line=example.line, message="here it stands between its events"),),
    )


_PROGRAM = """
# file: app/tools.py
from fastapi import WebSocket

class ToolEngine:
    async def execute(self, tool: str) -> str:
        return tool

class AgentEmitter:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def emit_tool_executing(self, tool: str) -> None:
        await self.websocket.send_json({"type": "tool_executing", "tool": tool})

    async def emit_tool_completed(self, tool: str) -> None:
        await self.websocket.send_json({"type": "tool_completed", "tool": tool})

class WrappedToolEngine:
    def __init__(self, engine: ToolEngine, emitter: AgentEmitter) -> None:
        self.engine = engine
        self.emitter = emitter

    async def execute(self, tool: str) -> str:
        await self.tell("executing", tool)
        result = await self.engine.execute(tool)
        await self.tell("completed", tool)
        return result

    async def tell(self, phase: str, tool: str) -> None:
        if phase == "executing":
            await self.emitter.emit_tool_executing(tool)
        else:
            await self.emitter.emit_tool_completed(tool)
"""

RULE = Rule(
    code="WSC502",
    name="unwrapped-tool-execution",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _PROGRAM
        + """
# file: app/batch.py
from app.tools import ToolEngine

class BatchRunner:
    def __init__(self) -> None:
        self.engine = ToolEngine()

    async def run(self, tools: list[str]) -> list[str]:
        return [await self.engine.execute(tool) for tool in tools]  # expect: WSC502
""",
    ),
    good=(
        _PROGRAM
        + """
# file: app/agent.py
from app.tools import AgentEmitter, ToolEngine, WrappedToolEngine

class Agent:
    def __init__(self, engine: WrappedToolEngine, plain: ToolEngine, emitter: AgentEmitter) -> None:
        self.engine = engine
        self.plain = plain
        self.emitter = emitter

    async def run(self, tool: str) -> str:
        # trap: through what wraps it
        return await self.engine.execute(tool)

    async def by_hand(self, tool: str) -> str:
        # trap: wrapped by hand
        await self.emitter.emit_tool_executing(tool)
        result = await self.timed(tool)
        await self.emitter.emit_tool_completed(tool)
        return result

    async def timed(self, tool: str) -> str:
        # trap: all who call it tell of the tool
        return await self.plain.execute(tool)

    async def at_once(self, tool: str) -> None:
        # trap: the messages are made by a helper and told afterwards
        for message in messages(tool, await self.plain.execute(tool)):
            await self.emitter.websocket.send_json(message)

def messages(tool: str, result: str) -> list[dict]:
    return [{"type": "tool_executing", "tool": tool}, {"type": "tool_completed", "result": result}]

# file: tests/test_tools.py
# trap: a test runs the tool alone
from app.tools import ToolEngine

async def test_tool() -> None:
    assert await ToolEngine().execute("a") == "a"
""",
        """
# file: app/batch.py
# trap: no tool is wrapped anywhere, only logged and noted
import structlog

log = structlog.get_logger()

class ToolEngine:
    async def execute(self, tool: str) -> str:
        return tool

async def logged(engine: ToolEngine, history: list) -> str:
    await log.ainfo("tool_executing")
    result = await engine.execute("a")
    history.append({"type": "tool_completed"})
    return result

async def run(engine: ToolEngine) -> str:
    return await engine.execute("a")
""",
    ),
)
