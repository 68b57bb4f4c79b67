"""A suppression comment gives no reason, though the configuration asks for one.

*Why it matters*: nobody can tell later whether a finding was wrong, accepted for a while, or only in the
way.

*What to do instead*: `# wsconsolidate: ignore[WSC104] -- the kiosk has its own protocol`.

*Limits*: runs only with `require-reason = true`. No comment silences this rule.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Severity
from wsconsolidate.model.rule import Rule


def check(found: Analysis) -> Iterator[Finding]:
    """Each suppression without a reason."""
    for path, module in found.program.files.items():
        for suppression in module.facts.suppressions:
            if not suppression.reason:
                codes = ", ".join(suppression.codes)
                yield Finding(
                    message="this suppression gives no reason; add one after `--`",
                    path=path,
                    line=suppression.line,
                    symbol=module.name,
                    identity=codes,
                )


RULE = Rule(
    code="WSC002",
    name="unexplained-suppression",
    severity=Severity.WARNING,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
class Notifier:
    # expect on the next line: the comment is where the reason is missing
    async def send_error(self, websocket) -> None:  # wsconsolidate: ignore[WSC304] # expect: WSC002
        await websocket.send_json({"type": "agent_error"})

    async def send_error(self, websocket, code) -> None:
        await websocket.send_json({"type": "agent_error", "code": code})
""",
    ),
    good=(
        """
class Notifier:
    # trap: the reason follows two dashes
    async def send_error(self, websocket) -> None:  # wsconsolidate: ignore[WSC304] -- generated code
        await websocket.send_json({"type": "agent_error"})

    async def send_error(self, websocket, code) -> None:
        await websocket.send_json({"type": "agent_error", "code": code})
""",
    ),
)
