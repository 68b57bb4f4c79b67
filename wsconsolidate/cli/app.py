"""The command `wsconsolidate`: its commands, and how every run ends."""

import sys
import traceback
from typing import Annotated

import typer

from wsconsolidate import __version__
from wsconsolidate.cli.check import check
from wsconsolidate.cli.exits import epilog
from wsconsolidate.cli.explain import explain
from wsconsolidate.cli.fix import fix
from wsconsolidate.cli.fleet import fleet
from wsconsolidate.cli.graph import graph
from wsconsolidate.cli.init import init
from wsconsolidate.cli.loadtest import loadtest
from wsconsolidate.cli.output import WIDTH, prepare_streams, say
from wsconsolidate.cli.report import report
from wsconsolidate.cli.scan import scan
from wsconsolidate.cli.vendor import vendor
from wsconsolidate.errors import ToolError

COMMANDS = (scan, report, fix, check, explain, graph, init, vendor, loadtest, fleet)
INTERRUPTED = 130
FAILED = 2

app = typer.Typer(
    name="wsconsolidate",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": WIDTH,
        "terminal_width": None if sys.stdout.isatty() else WIDTH,
    },
)
for command in COMMANDS:
    app.command(no_args_is_help=False, epilog=epilog(command.__name__))(command)


def main() -> int:
    """Run the command line; the exit code is 2 for everything that the user can mend."""
    prepare_streams()
    try:
        app(prog_name="wsconsolidate")
    except ToolError as error:
        say(f"wsconsolidate: {error}")
        return FAILED
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            say("wsconsolidate: interrupted")
        return stop.code if isinstance(stop.code, int) else FAILED
    except Exception as error:  # noqa: BLE001 - a bug of ours must not look like a finding (exit 1)
        return _report_bug(error)
    return 0


def _report_bug(error: Exception) -> int:
    place = traceback.extract_tb(error.__traceback__)[-1]
    say(f"wsconsolidate: a bug in wsconsolidate: {type(error).__name__}: {error}")
    say(f"  at {place.filename}:{place.lineno}; please report it with what --verbose shows")
    if "--verbose" in sys.argv or "-v" in sys.argv:
        say("".join(traceback.format_exception(error)))
    return FAILED


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"wsconsolidate {__version__}")
        raise typer.Exit


@app.callback()
def _wsconsolidate(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Find, prove and consolidate the WebSocket event code of a Python back end."""
