"""Awaits the call whose coroutine is dropped, so that its event is sent.

Only inside a coroutine function. It is unsafe all the same: the caller now waits until the event is sent, and
meets the errors of sending it.
"""

import libcst as cst

from wsconsolidate.codemods.codemod import Codemod, Example, Trap
from wsconsolidate.codemods.patch import Patch, Replacement, Rewriting, refuse
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The call with `await` before it."""
    line = workshop.sheet(finding.path).statement_at(finding.line)
    match list(line.body):
        case [cst.Expr(value=cst.Call() as call)]:
            replaced = Replacement(call, cst.Await(call))
            rewriting = Rewriting(path=finding.path, replacements=(replaced,))
            return Patch(title="await the event", rewrites=(rewriting,))
    return refuse(finding, "the call does not stand alone on its line")


_EMITTER = """
# file: app/emitter.py
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

# file: app/agent.py
from app.emitter import AgentEmitter


"""

CODEMOD = Codemod(
    name="await-emit",
    codes=("WSC206",),
    propose=propose,
    rewrites=(
        Example(
            before=_EMITTER
            + """\
async def run(emitter: AgentEmitter) -> None:
    emitter.emit_agent_started("anna")  # at once
""",
            after=_EMITTER
            + """\
async def run(emitter: AgentEmitter) -> None:
    await emitter.emit_agent_started("anna")  # at once
""",
            unsafe=True,
        ),
        Example(
            before=_EMITTER
            + """\
async def run(emitter: AgentEmitter) -> None:
    emitter.emit_agent_started(
        "anna",
    )
""",
            after=_EMITTER
            + """\
async def run(emitter: AgentEmitter) -> None:
    await emitter.emit_agent_started(
        "anna",
    )
""",
            unsafe=True,
        ),
    ),
    untouched=(
        Trap(
            program=_EMITTER
            + """\
def run(emitter: AgentEmitter) -> None:
    emitter.emit_agent_started("anna")
""",
            reason="its caller is no coroutine",
        ),
        Trap(
            program=_EMITTER
            + """\
async def run(emitter: AgentEmitter) -> None:
    emitter.emit_agent_started("anna"); print("started")
""",
            reason="the call does not stand alone on its line",
        ),
    ),
)
