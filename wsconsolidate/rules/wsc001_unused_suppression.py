"""A suppression comment suppresses nothing.

*Why it matters*: the code was repaired or moved and the comment stayed. It tells readers of a problem that
is not there, and will silently swallow the next one that comes to its line.

*What to do instead*: delete the comment, or the code in its brackets that is not needed. A comment counts
for its own line; alone on a line it counts for the one below, or for the class or function whose decorators
stand there.

*Limits*: a code is judged only if its rule ran for the file, so `--select` and per-file ignores alarm
nobody. No comment silences this rule; `ignore` and `per-file-ignores` in the configuration do.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.rule import Rule


def check(_found: Analysis) -> Iterator[Finding]:
    """Nothing: only a run of all rules knows what was suppressed (see suppressions.py)."""
    yield from ()


RULE = Rule(
    code="WSC001",
    name="unused-suppression",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
class Notifier:  # wsconsolidate: ignore[WSC301] -- expect: WSC001
    async def send_error(self, websocket) -> None:  # wsconsolidate: ignore[WSC304, WSC999] -- expect: WSC001
        await websocket.send_json({"type": "agent_error"})

    async def send_error(self, websocket, code) -> None:
        await websocket.send_json({"type": "agent_error", "code": code})

    # wsconsolidate: ignore -- expect: WSC001
    async def close(self, websocket) -> None:
        await websocket.close()
""",
    ),
    good=(
        '''
class Notifier:
    # wsconsolidate: ignore[WSC304] -- trap: the comment speaks of the line below
    async def send_error(self, websocket) -> None:
        await websocket.send_json({"type": "agent_error"})

    # wsconsolidate: ignore[WSC3] -- trap: of what is below the decorator; a family of rules
    @staticmethod
    async def send_error(websocket) -> None:
        await websocket.send_json({"type": "agent_error"})

    async def send_error(self, websocket, code) -> None:
        """Trap: only text. # wsconsolidate: ignore[WSC304]"""
        await websocket.send_json({"type": "agent_error", "code": code})
''',
    ),
)
