"""Commands that share options: each names those that it takes, and is given them as one session."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any

from wsconsolidate.cli.session import Session

EXAMINING = ("exclude", "python", "quiet", "verbose")
"""Of a command that analyses something."""
RENDERING = (
    "format",
    "output",
    "exclude",
    "python",
    "all_classes",
    "statistics",
    "timings",
    "timestamp",
    "no_cache",
    "quiet",
    "verbose",
)
"""Of a command that writes a report."""

Command = Callable[..., None]


def sharing(*names: str) -> Callable[[Command], Command]:
    """A command of its own options and these fields of a session, which it is given as its first argument.

    Typer sees all of them: what the command requires, the paths, its own options, then the shared ones.
    """

    def shared(command: Command) -> Command:
        parameters = [*_parameters(command, names)]

        @wraps(command)
        def run(**values: Any) -> None:
            session = Session(**{name: values.pop(name) for name in ("paths", *names)})
            command(session, **values)

        run.__signature__ = Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {one.name: one.annotation for one in parameters}
        return run

    return shared


def _parameters(command: Command, names: tuple[str, ...]) -> Iterator[Parameter]:
    _, *own = signature(command).parameters.values()
    option = {
        one.name: Parameter(one.name, Parameter.KEYWORD_ONLY, default=one.default, annotation=one.type)
        for one in fields(Session)
    }
    kept = [one.replace(kind=Parameter.KEYWORD_ONLY) for one in own]
    yield from (one for one in kept if one.default is Parameter.empty)
    yield option["paths"]
    yield from (one for one in kept if one.default is not Parameter.empty)
    yield from (option[name] for name in names)
