"""Lets a loop go over a copy of the container that changes meanwhile.

`for x in self.connections.values():` becomes `for x in list(self.connections.values()):`. What was the
RuntimeError in the middle of a broadcast, or the connection that was skipped, is gone; nothing else is. A
loop that means to visit what it adds to a list is not a mistake, so there the edit is unsafe.
"""

import libcst as cst

from wsconsolidate.codemods.codemod import Codemod, Example, Trap
from wsconsolidate.codemods.patch import Patch, Replacement, Rewriting, refuse
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The loop over a list of what it goes over now."""
    loop = workshop.sheet(finding.path).for_at(finding.related[0].line)
    if loop.whitespace_after_in.empty:
        return refuse(finding, "no blank stands between `in` and what it loops over")
    copied = cst.Call(cst.Name("list"), [cst.Arg(_bare(loop.iter))])
    rewriting = Rewriting(path=finding.path, replacements=(Replacement(loop.iter, copied),))
    return Patch(title="loop over a copy", rewrites=(rewriting,))


def _bare(iterable: cst.BaseExpression) -> cst.BaseExpression:
    """The expression without parentheses, which an argument does not need, unless they hold it together."""
    is_one_line = not any(
        isinstance(one.whitespace_after, cst.ParenthesizedWhitespace) for one in iterable.lpar
    )
    if is_one_line and not isinstance(iterable, cst.Tuple | cst.GeneratorExp | cst.NamedExpr):
        return iterable.with_changes(lpar=(), rpar=())
    return iterable


_MANAGER = """
# file: app/manager.py
from fastapi import WebSocket


class ConnectionManager:
    def __init__(self) -> None:
        self.connections: dict[str, WebSocket] = {}
        self.waiting: list[WebSocket] = []

    def connect(self, user_id: str, websocket: WebSocket) -> None:
        self.connections[user_id] = websocket

    def disconnect(self, user_id: str) -> None:
        self.connections.pop(user_id, None)

"""
_BEFORE = """\
    async def broadcast(self, message: dict) -> None:
        for user_id, websocket in self.connections.items():  # everybody
            try:
                await websocket.send_json(message)
            except RuntimeError:
                self.disconnect(user_id)
"""

CODEMOD = Codemod(
    name="copy-before-iterating",
    codes=("WSC402",),
    propose=propose,
    rewrites=(
        Example(
            before=_MANAGER + _BEFORE,
            after=_MANAGER
            + _BEFORE.replace("in self.connections.items():", "in list(self.connections.items()):"),
        ),
        Example(
            before=_MANAGER
            + """\
    async def close(self) -> None:
        for user_id in (self.connections):
            await self.connections[user_id].close()
            del self.connections[user_id]
""",
            after=_MANAGER
            + """\
    async def close(self) -> None:
        for user_id in list(self.connections):
            await self.connections[user_id].close()
            del self.connections[user_id]
""",
        ),
        Example(
            before=_MANAGER
            + """\
    async def seat(self) -> None:
        for websocket in self.waiting:
            await websocket.accept()
            if websocket.query_params.get("again"):
                self.waiting.append(websocket)
""",
            after=_MANAGER
            + """\
    async def seat(self) -> None:
        for websocket in list(self.waiting):
            await websocket.accept()
            if websocket.query_params.get("again"):
                self.waiting.append(websocket)
""",
            unsafe=True,
        ),
    ),
    untouched=(
        Trap(
            program=_MANAGER + _BEFORE.replace("message: dict", "message: dict, list: bool = False"),
            reason="`list` is another name here",
        ),
        Trap(
            program=_MANAGER + _BEFORE.replace("in self.connections.items()", "in(self.connections.items())"),
            reason="no blank stands between",
        ),
        Trap(
            program=_MANAGER
            + """\
    async def broadcast(self, message: dict) -> None:
        async for user_id in self.connections:
            await self.connections[user_id].send_json(message)
            self.disconnect(user_id)
""",
            reason="an `async for` cannot loop over a copy",
        ),
    ),
)
