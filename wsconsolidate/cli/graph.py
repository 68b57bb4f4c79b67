"""`wsconsolidate graph`: how each event travels from agent to socket, or the hierarchy of the roles."""

from enum import StrEnum
from typing import Annotated

import typer

from wsconsolidate.cli.output import emit, say
from wsconsolidate.cli.session import Session, examined
from wsconsolidate.cli.sharing import EXAMINING, sharing
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.drawing import Drawing


class DrawingFormat(StrEnum):
    """The languages a graph is written in."""

    MERMAID = "mermaid"
    DOT = "dot"
    JSON = "json"


Classes = Annotated[bool, typer.Option("--classes", help="Draw the classes with a role and their bases.")]
FormatOption = Annotated[DrawingFormat, typer.Option("--format", help="The language of the drawing.")]


@sharing("output", *EXAMINING)
def graph(
    session: Session,
    classes: Classes = False,
    format: FormatOption = DrawingFormat.MERMAID,  # noqa: A002 - the option's name
) -> None:
    """Draw how each event travels from agent to socket; with --classes the hierarchy of the roles."""
    from wsconsolidate.reporters.drawings import DRAWERS

    analysis = examined(session).report.analysis
    drawing = _hierarchy(analysis) if classes else _travels(analysis)
    if not drawing.nodes:
        say("no class has a role" if classes else "no critical event is started anywhere")
    emit(DRAWERS[format](drawing), session.output)


def _hierarchy(analysis: Analysis) -> Drawing:
    from wsconsolidate.link.graphs import hierarchy

    return hierarchy(analysis.program, {id: cast.role.value for id, cast in analysis.casts.items()})


def _travels(analysis: Analysis) -> Drawing:
    from wsconsolidate.report.travels import travels

    return travels(analysis.ways)
