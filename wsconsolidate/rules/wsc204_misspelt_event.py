"""The name of an event is almost that of a critical one.

*Why it matters*: `agent_complete` is a string like any other. Nothing fails: the browser ignores an event it
does not know, a comparison is never true, and the spinner stays.

*What to do instead*: write the name as the others do, best as a member of one enum. If both names are
meant, declare the other one as an alias in `[tool.wsconsolidate.aliases]`.

*Limits*: one letter more, less, other or swapped, where an event's name is expected: under `type` or
`event`, as an argument of that name, in a comparison with one, beside other events in a collection. A plural
(`tools_completed`) is another word. Nothing is said where the program never says the right name, or says the
other as often: then it is a vocabulary of its own.
"""

from collections import Counter
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.spelling import Spelling, declared_words, near_miss, spellings


def check(found: Analysis) -> Iterator[Finding]:
    """Each name of an event that is rarer than the critical one it nearly is."""
    written = spellings(found.program, found.vocabulary)
    count = Counter(spelling.word for spelling in written)
    declared = declared_words(found.program)
    for spelling in written:
        meant = near_miss(spelling.word, found.vocabulary)
        if meant is not None and spelling.word not in declared and count[spelling.word] < count[meant]:
            yield _finding(spelling, meant)


def _finding(spelling: Spelling, meant: str) -> Finding:
    return Finding(
        message=f"{spelling.word!r} is not {meant!r}, but almost",
        path=spelling.path,
        line=spelling.line,
        symbol=spelling.symbol,
        identity=spelling.word,
    )


_EMITTER = """
# file: app/emitter.py
from fastapi import WebSocket

class AgentEmitter:
    def __init__(self, websocket: WebSocket) -> None:
        self.websocket = websocket

    async def emit_agent_started(self, data: dict) -> None:
        await self.emit("agent_started", data)

    async def emit_agent_completed(self, data: dict) -> None:
        await self.emit("agent_completed", data)

    async def emit_tool_executing(self, data: dict) -> None:
        await self.emit("tool_executing", data)

    async def emit_tool_completed(self, data: dict) -> None:
        await self.emit("tool_completed", data)

    async def emit(self, event_type: str, data: dict) -> None:
        await self.websocket.send_json({"type": event_type, **data})

async def everything(emitter: AgentEmitter) -> None:
    for event in ("agent_started", "tool_executing", "tool_completed", "agent_completed"):
        await emitter.emit(event, {})
"""

RULE = Rule(
    code="WSC204",
    name="misspelt-event",
    severity=Severity.NOTE,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        _EMITTER
        + """
# file: app/relay.py
from app.emitter import AgentEmitter

TERMINAL = {"agent_complete", "agent_failed"}  # expect: WSC204
WIRE = {
    "agent_started": "run.begin",
    "tool_excuting": "tool.begin",  # expect: WSC204
}

async def relay(emitter: AgentEmitter, event: str) -> None:
    if event in TERMINAL:
        print("over")
    if event == "tool_competed":  # expect: WSC204
        print("tool")
    await emitter.emit("agent_strated", {})  # expect: WSC204
    await emitter.websocket.send_json({"type": "agent_compleeted"})  # expect: WSC204
""",
    ),
    good=(
        _EMITTER
        + """
# file: app/relay.py
import logging

from app.emitter import AgentEmitter

log = logging.getLogger(__name__)

# trap: names of other things
TERMINAL = {"agent_failed", "subagent_started", "agent_error"}
COLUMNS = {"agent_complete", "agent_name"}
COUNTERS = {"agents_started": 0, "tools_completed": 0}

async def relay(emitter: AgentEmitter, event: str, state: dict) -> None:
    # trap: a key of something else
    state["agent_complete"] = True
    # trap: in a text, in a log
    log.info("agent_complete", extra={"tool_complete": 1})
    # trap: another spelling of the separator is another vocabulary
    await emitter.websocket.send_json({"type": "agent.completed"})
    # trap: the plural of a counter
    await emitter.websocket.send_json({"type": "agents_completed"})
    if event in TERMINAL:
        print(COLUMNS, COUNTERS)
""",
        """
# file: app/own.py
# trap: a program that always says agent_complete has words of its own
from fastapi import WebSocket

async def run(websocket: WebSocket) -> None:
    await websocket.send_json({"type": "agent_start"})
    await websocket.send_json({"type": "agent_complete"})
""",
        _EMITTER
        + """
# file: app/events.py
from enum import Enum

class Phase(str, Enum):
    # trap: declared as a name of its own
    AGENT_COMPLETE = "agent_complete"

async def relay(emitter, event: str) -> None:
    if event == Phase.AGENT_COMPLETE:
        print("phase")
""",
    ),
)
