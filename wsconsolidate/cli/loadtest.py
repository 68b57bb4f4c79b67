"""`wsconsolidate loadtest URL|--self`: load, latencies, and an exact ledger of what was lost."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from wsconsolidate.cli.output import emit
from wsconsolidate.cli.progress import Progress
from wsconsolidate.errors import UsageError

if TYPE_CHECKING:
    from wsconsolidate.loadtest.plan import Outcome, Plan


class Format(StrEnum):
    """How the outcome is written."""

    CONSOLE = "console"
    JSON = "json"
    HTML = "html"


Url = Annotated[str | None, typer.Argument(metavar="[URL]", help="{user} in it stands for the user.")]
Self = Annotated[bool, typer.Option("--self", help="Test the bundled runtime, in a process of its own.")]
Users = Annotated[int, typer.Option("--users", min=1, help="How many clients, each a user of its own.")]
Rounds = Annotated[int, typer.Option("--rounds", min=1, help="How many rounds of events each asks for.")]
Message = Annotated[str, typer.Option("--message", help="What a client says to have a round sent.")]
Header = Annotated[list[str] | None, typer.Option("--header", help="NAME: VALUE, with {user} too.")]
Events = Annotated[list[str] | None, typer.Option("--event", help="The events of a round, in order.")]
Sessions = Annotated[bool | None, typer.Option("--sessions/--plain", help="Resume and acknowledge, or not.")]
Reconnect = Annotated[int, typer.Option("--reconnect", min=0, max=100, help="Percent of clients cut once.")]
Patience = Annotated[float, typer.Option("--patience", min=0.1, help="Seconds to wait for a round's events.")]


def loadtest(
    url: Url = None,
    *,
    itself: Self = False,
    users: Users = 100,
    rounds: Rounds = 20,
    message: Message = '{"type":"loadtest","round":{round}}',
    header: Header = None,
    event: Events = None,
    sessions: Sessions = None,
    reconnect: Reconnect = 0,
    patience: Patience = 30.0,
    format_: Annotated[Format, typer.Option("--format")] = Format.CONSOLE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Write to a file.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q")] = False,
) -> None:
    """Send rounds of events to many clients and count what was lost; exit 1 if anything was."""
    from wsconsolidate.loadtest import render
    from wsconsolidate.loadtest.plan import Plan
    from wsconsolidate.runtime import CRITICAL_EVENTS

    if itself == (url is not None):
        raise UsageError("name one server: a URL, or --self for the bundled runtime")
    if url is not None and not url.startswith(("ws://", "wss://")):
        raise UsageError(f"{url!r} is no address of a WebSocket: it begins with ws:// or wss://")
    plan = Plan(
        url=url or "",
        users=users,
        rounds=rounds,
        message=message,
        headers=tuple(_header(text) for text in header or ()),
        events=tuple(event or CRITICAL_EVENTS),
        sessions=itself if sessions is None else sessions,
        reconnecting=reconnect,
        patience_seconds=patience,
    )
    outcome = _run(plan, itself=itself, quiet=quiet)
    texts = {Format.CONSOLE: render.to_console, Format.JSON: render.to_json, Format.HTML: render.to_html}
    emit(texts[format_](outcome), output)
    sys.exit(0 if outcome.is_clean else 1)


def _run(plan: "Plan", *, itself: bool, quiet: bool) -> "Outcome":
    import asyncio
    from dataclasses import replace

    _require_websockets()
    from wsconsolidate.loadtest.clients import run
    from wsconsolidate.loadtest.own_server import serving

    progress = Progress(quiet=quiet)

    def on_progress(done: int, total: int) -> None:
        progress("rounds", done, total)

    try:
        if not itself:
            return asyncio.run(run(plan, on_progress))
        with serving(plan.users) as server:
            outcome = asyncio.run(run(replace(plan, url=server.url), on_progress))
            grown = server.grown_bytes()
            return replace(outcome, bytes_per_connection=None if grown is None else grown // plan.users)
    finally:
        progress.finish()


def _require_websockets() -> None:
    from importlib.util import find_spec

    if find_spec("websockets") is None:
        raise UsageError("loadtest needs the websockets library: pip install 'wsconsolidate[websockets]'")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not (colon and name.strip()):
        raise UsageError(f"--header {text!r}: write it as NAME: VALUE")
    return name.strip(), value.strip()
