"""The recommendations: preserve, consolidate, refactor, delete, standardize; and the tests to run."""

import re
from collections.abc import Iterator, Set

from wsconsolidate.model.analysis import Disposition
from wsconsolidate.model.counting import counted
from wsconsolidate.model.report import Block, Code, Heading, Item, Listing, Paragraph
from wsconsolidate.model.search import whether
from wsconsolidate.model.source import SourceFile
from wsconsolidate.report.material import Draft
from wsconsolidate.report.quotes import decoded_lines
from wsconsolidate.report.words import code, places

_TEST_NAME = re.compile(r"(^|/)(test_[^/]*|[^/]*_test)\.py$")


def blocks(draft: Draft) -> Iterator[Block]:
    """What to do with what was found."""
    if not draft.players:
        return
    parts = (
        ("PRESERVE", _preserve(draft)),
        ("CONSOLIDATE", _disposed(draft, Disposition.REWRITE)),
        ("REFACTOR", _disposed(draft, Disposition.REVIEW)),
        ("DELETE", _delete(draft)),
        ("STANDARDIZE", _standardize(draft)),
    )
    told = [(title, items) for title, found in parts if (items := tuple(found))]
    for title, items in told:
        yield from (Heading(title), Listing(items))
    if not told:
        yield Paragraph("There is nothing to recommend.")
    yield from _tests(draft)


def _preserve(draft: Draft) -> Iterator[Item]:
    for one in draft.truths:
        text = f"{draft.label(one)}: the source of truth stays as it is"
        yield Item(text=text, places=places([one]))
    yield from _disposed(draft, Disposition.DELEGATES)


def _disposed(draft: Draft, disposition: Disposition) -> Iterator[Item]:
    for one in draft.players:
        verdict = draft.analysis.verdicts.get(one.id)
        if verdict and verdict.disposition is disposition:
            text = f"{draft.label(one)}: {verdict.reason}"
            yield Item(text=text, places=places([one]))


def _delete(draft: Draft) -> Iterator[Item]:
    for path in draft.analysis.backup_files:
        yield Item(text=f"{code(path)}: a backup file")


_STANDARDS = (
    ("WSC105", "{n} to import from the source of truth", "name", "names"),
    ("WSC107", "{n} to bring under one base", "error", "errors"),
    ("WSC108", "{n} to give a type", "payload", "payloads"),
    ("WSC204", "{n} to spell as all others do", "event name", "event names"),
)


def _standardize(draft: Draft) -> Iterator[Item]:
    for rule, text, one, many in _STANDARDS:
        found = draft.coded(rule)
        if found:
            spoken = text.format(n=counted(len(found), one, many))
            yield Item(text=f"{spoken} ({rule})", places=places(found))


def _tests(draft: Draft) -> Iterator[Block]:
    yield Heading("Tests to run")
    named = {one.name for one in draft.players} | set(draft.analysis.vocabulary.events)
    found = [file.path for file in draft.analysis.tree.files if _concerns(draft, file, named)]
    if not found:
        yield Paragraph("No test of these classes and events was found: write one before changing them.")
        return
    yield Paragraph(f"{counted(len(found), 'test file names', 'test files name')} these classes or events.")
    yield Code(
        "text", " \\\n    ".join(["pytest", *found]) if len(found) > 2 else f"pytest {' '.join(found)}"
    )


def _concerns(draft: Draft, file: SourceFile, named: Set[str]) -> bool:
    if not (file.in_tests and _TEST_NAME.search(file.path)):
        return False
    if file.path not in draft.analysis.tree.search(whether(sorted(named))):
        return False
    lines = decoded_lines(draft.analysis.tree.content(file.path))
    return any(not named.isdisjoint(re.findall(r"\w+", line)) for line in lines)
