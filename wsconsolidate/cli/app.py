"""The command `wsconsolidate`: its commands, and how every run ends."""

import errno
import sys
from importlib import import_module
from typing import Annotated

import typer
from typer.core import TyperCommand, TyperGroup

from wsconsolidate import __version__
from wsconsolidate.cli.exits import epilog
from wsconsolidate.cli.output import WIDTH, prepare_streams, say
from wsconsolidate.errors import ToolError

COMMANDS = (
    "scan",
    "report",
    "fix",
    "check",
    "explain",
    "graph",
    "init",
    "vendor",
    "loadtest",
    "fleet",
    "cache",
)
INTERRUPTED = 130
FAILED = 2
FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))


class _Commands(TyperGroup):
    """The commands, each loaded when it is asked for: most of them need most of the tool."""

    def list_commands(self, ctx: object) -> list[str]:  # noqa: ARG002 - as click calls it
        """Their names, in the order of the help."""
        return list(COMMANDS)

    def get_command(self, ctx: object, cmd_name: str) -> TyperCommand | None:  # noqa: ARG002
        """The command of this name, None if there is none."""
        if cmd_name not in COMMANDS:
            return None
        function = getattr(import_module(f"wsconsolidate.cli.{cmd_name}"), cmd_name)
        alone = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)
        alone.command(name=cmd_name, no_args_is_help=False, epilog=epilog(cmd_name))(function)
        made = typer.main.get_command(alone)
        return made if isinstance(made, TyperCommand) else None


app = typer.Typer(
    name="wsconsolidate",
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={
        "help_option_names": ["-h", "--help"],
        "max_content_width": WIDTH,
        "terminal_width": None if sys.stdout.isatty() else WIDTH,
    },
)


def main() -> int:
    """Run the command line; the exit code is 2 for everything that the user can mend."""
    prepare_streams()
    try:
        app(prog_name="wsconsolidate")
    except ToolError as error:
        say(f"wsconsolidate: {error}")
        return FAILED
    except KeyboardInterrupt:
        return _interrupted()
    except SystemExit as stop:
        if stop.code == INTERRUPTED:
            return _interrupted()
        return stop.code if isinstance(stop.code, int) else FAILED
    except Exception as error:  # noqa: BLE001 - a bug of ours must not look like a finding (exit 1)
        return _no_room(error) if isinstance(error, OSError) and error.errno in FULL else _report_bug(error)
    return 0


def _interrupted() -> int:
    say("wsconsolidate: interrupted")
    return INTERRUPTED


def _no_room(error: OSError) -> int:
    reason = (error.strerror or str(error)).lower()
    say(f"wsconsolidate: cannot write {error.filename or 'to stdout'}: {reason}")
    return FAILED


def _report_bug(error: Exception) -> int:
    import traceback

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
