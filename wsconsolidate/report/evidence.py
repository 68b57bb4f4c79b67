"""The section of evidence: quoted lines with their numbers, and the settings."""

from collections.abc import Iterator, Mapping

from wsconsolidate.model.event import Coverage
from wsconsolidate.model.expr import Constant, walk
from wsconsolidate.model.facts import ScopeKind, ValueBinding
from wsconsolidate.model.report import Block, Heading, Paragraph, Quote, Table
from wsconsolidate.model.role import Role
from wsconsolidate.model.search import whether
from wsconsolidate.report.many_users import connection_map, is_limit
from wsconsolidate.report.material import Draft
from wsconsolidate.report.quotes import quote
from wsconsolidate.report.words import at, code, places, series

_MOST_OF = 3


def blocks(draft: Draft) -> Iterator[Block]:
    """The lines that the other sections rest on."""
    parts = (
        ("The event list", _event_lists(draft)),
        ("The connection map", _connection_maps(draft)),
        ("The emit methods", _emit_methods(draft)),
        ("The limits", _limits(draft)),
    )
    told = [(title, [one for one in quotes if one is not None]) for title, quotes in parts]
    for title, found in told:
        if found:
            yield Heading(title)
            yield from found
    yield from _settings(draft)
    absent = [title[0].lower() + title[1:] for title, found in told if not found]
    if absent:
        yield Paragraph(f"Not found: {series(absent)}.")


def _event_lists(draft: Draft) -> Iterator[Quote | None]:
    """Constants and enums of the program that name most of the critical events."""
    naming = _naming(draft)
    for module in sorted(draft.analysis.program.modules.values(), key=lambda one: one.path):
        if module.path not in naming:
            continue
        for scope in module.facts.scopes:
            if scope.kind is not ScopeKind.FUNCTION:
                values = [one for one in scope.bindings if isinstance(one, ValueBinding)]
                found = _lists(draft, values)
                yield from (_listed(draft, module.path, lines) for lines in found)


def _listed(draft: Draft, path: str, lines: list[int]) -> Quote | None:
    """The lines, and the one behind them if it closes a bracket: so the end of a list is seen."""
    found = quote(draft.analysis.tree, path, [*lines, max(lines) + 1])
    if found is None:
        return None
    number, text = found.lines[-1]
    closes = number <= max(lines) or text.strip().startswith((")", "]", "}"))
    return found if closes else Quote(path, found.lines[:-1])


def _naming(draft: Draft) -> frozenset[str]:
    """The files that name enough events at all, by their bytes."""
    vocabulary = draft.analysis.vocabulary
    tree = draft.analysis.tree
    named = [tree.search(whether((name,))) for name in (*vocabulary.events, *vocabulary.aliases)]
    return frozenset(
        file.path
        for file in tree.files
        if not file.in_tests and sum(file.path in one for one in named) >= _enough(draft)
    )


def _enough(draft: Draft) -> int:
    return min(_MOST_OF, len(draft.analysis.vocabulary.events))


def _lists(draft: Draft, values: list[ValueBinding]) -> Iterator[list[int]]:
    singles: list[int] = []
    for one in values:
        lines = _event_lines(draft, one)
        if len(lines) == 1 and isinstance(one.value, Constant):
            singles += lines
        elif len(lines) >= _enough(draft):
            yield list(range(one.line, max(lines) + 1))
    if len(singles) >= _enough(draft):
        yield singles


def _event_lines(draft: Draft, one: ValueBinding) -> list[int]:
    literals = walk(one.value) if one.value is not None else []
    return [part.line for part in literals if isinstance(part, Constant) and _is_event(draft, part)]


def _is_event(draft: Draft, part: Constant) -> bool:
    return isinstance(part.value, str) and draft.analysis.vocabulary.canonical(part.value) is not None


def _connection_maps(draft: Draft) -> Iterator[Quote | None]:
    for one in draft.analysis.production(Role.MANAGER):
        for place in connection_map(draft, one):
            yield quote(draft.analysis.tree, place.path, [place.line])


def _emit_methods(draft: Draft) -> Iterator[Quote | None]:
    """For the SSOT emitter, else the SSOT manager: each method's first line and what it calls."""
    truth = draft.analysis.truth(Role.EMITTER) or draft.analysis.truth(Role.MANAGER)
    lines: dict[str, set[int]] = {}
    for coverage in draft.analysis.coverage.get(truth.id, {}).values() if truth else ():
        if coverage.path is not None and coverage.line is not None:
            lines.setdefault(coverage.path, set()).update(_told(coverage))
    yield from _quotes(draft, lines)


def _quotes(draft: Draft, lines: Mapping[str, set[int]]) -> Iterator[Quote | None]:
    return (quote(draft.analysis.tree, path, lines[path]) for path in sorted(lines))


def _told(coverage: Coverage) -> Iterator[int]:
    if coverage.line is not None:
        yield coverage.line
    if coverage.flow and coverage.flow[0].path == coverage.path:
        yield coverage.flow[0].line


def _limits(draft: Draft) -> Iterator[Quote | None]:
    """Where the classes that stay check a limit, and the limits that their files set."""
    lines: dict[str, set[int]] = {}
    checks = (seen for seen in draft.analysis.features if seen.kind == "limits")
    for one in places((*checks, *filter(is_limit, draft.analysis.settings))):
        lines.setdefault(one.path, set()).add(one.line)
    return _quotes(draft, lines)


def _settings(draft: Draft) -> Iterator[Block]:
    settings = draft.analysis.settings
    if not settings:
        return
    yield Heading("Limits and settings")
    rows = tuple((code(one.name), code(repr(one.value)), code(one.symbol), at(one)) for one in settings)
    yield Table(("Name", "Value", "Symbol", "Where"), rows)
