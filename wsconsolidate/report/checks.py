"""The checks of low priority, which no rule makes: a docs page, a benchmark, a load test."""

import re
from collections.abc import Callable, Iterator
from itertools import chain

from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.report import Action, Place, Priority
from wsconsolidate.model.search import whether
from wsconsolidate.model.source import SourceFile, Tree
from wsconsolidate.report.material import Material
from wsconsolidate.report.quotes import decoded_lines

MANY_USERS = 100

_BENCHMARK = re.compile(r"(^|[/_-])bench(mark)?s?([/_.-]|$)", re.IGNORECASE)
_LOAD = re.compile(r"load|stress|soak|concurren|scal|locust|many_|bench", re.IGNORECASE)
_WHO = re.compile(r"user|client|connection|session|socket", re.IGNORECASE)
_NUMBER = r"\s*+(\d[\d_]*+)"
_NAMED = re.compile(rf"\b(\w++\s*+(?::\s*+\w++\s*+)?)={_NUMBER}")
_RANGE = re.compile(rf"\brange\({_NUMBER}\s*+\)")


def checks(material: Material) -> tuple[Action, ...]:
    """The three checks, open or done; none where nothing sends events."""
    if not material.senders:
        return ()
    return (
        _check("a docs page names the source of truth", _docs_page(material)),
        _check("a benchmark measures the delivery", _first(material, _benchmark)),
        _check(f"a load test runs {MANY_USERS} users or more", _first(material, _load_test)),
    )


def _check(title: str, proof: Place | None) -> Action:
    return Action(
        priority=Priority.LOW,
        title=title,
        done=proof is not None,
        rule=None,
        fix=Applicability.DISPLAY,
        places=() if proof is None else (proof,),
    )


def _docs_page(material: Material) -> Place | None:
    names = [re.escape(one.name) for one in material.truths]
    if not names:
        return None
    named = re.compile(rf"(?<!\w)(?:{'|'.join(names)})(?!\w)")
    for page in sorted(material.analysis.tree.pages, key=lambda one: one.path):
        for number, line in enumerate(decoded_lines(page.data), 1):
            if named.search(line):
                return Place(page.path, number)
    return None


def _first(material: Material, search: Callable[[SourceFile, Tree], Iterator[int]]) -> Place | None:
    """The first line that the search finds in a file that speaks of sockets or of the SSOT."""
    tree = material.analysis.tree
    speaking = tree.search(whether(("socket", "Socket", *(one.name for one in material.truths))))
    for file in tree.files:
        if file.path in speaking:
            for line in search(file, tree):
                return Place(file.path, line)
    return None


def _benchmark(file: SourceFile, _tree: Tree) -> Iterator[int]:
    if _BENCHMARK.search(file.path):
        yield 1


def _load_test(file: SourceFile, tree: Tree) -> Iterator[int]:
    """Lines that set a number of users, in a file or function named after load."""
    if not (file.in_tests or _LOAD.search(file.path)):
        return
    under_load = bool(_LOAD.search(file.path))
    for number, line in enumerate(decoded_lines(tree.content(file.path)), 1):
        if line.lstrip().startswith(("def ", "async def ", "class ")):
            under_load = bool(_LOAD.search(file.path) or _LOAD.search(line.partition("(")[0]))
        if under_load and _users(line) >= MANY_USERS:
            yield number


def _users(line: str) -> int:
    """The most users that the line speaks of: `users = 100`, or `range(100)` after a word for them."""
    code = line.partition("#")[0]
    who = _WHO.search(code)
    if who is None:
        return 0
    named = (found[2] for found in _NAMED.finditer(code) if _WHO.search(found[1]))
    ranges = (found[1] for found in _RANGE.finditer(code, who.end()))
    return max((_number(digits) for digits in chain(named, ranges)), default=0)


def _number(digits: str) -> int:
    """What the digits say; of a number that is longer than any number of users, the beginning."""
    return int(digits.replace("_", "")[:9])
