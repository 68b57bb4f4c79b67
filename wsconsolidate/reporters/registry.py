"""The formats that are offered, in order: one line for each, made by `to_<format>.py`."""

from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from wsconsolidate.model.report import Report
    from wsconsolidate.reporters.options import Options


class Reporter(Protocol):
    """What the file of a format offers."""

    def render(self, report: "Report", options: "Options") -> str:
        """The report as text, which ends with a line."""


class Format(StrEnum):
    """How a result is written: the values of `--format`."""

    CONSOLE = "console"
    JSON = "json"
    MARKDOWN = "markdown"
    SARIF = "sarif"
    HTML = "html"
    GITHUB = "github"
    JUNIT = "junit"

    @property
    def reporter(self) -> Reporter:
        """What writes it, loaded when it is asked for: some need a library that takes long to load."""
        return cast("Reporter", import_module(f"wsconsolidate.reporters.to_{self}"))
