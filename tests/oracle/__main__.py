"""`python -m tests.oracle PACKAGE...`: the table of orders that agree with CPython."""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator, Sequence

from tests.oracle.compare import Compared, Result, compare
from tests.oracle.others import OTHERS

TOOLS = ("wsconsolidate", *OTHERS)


def main(arguments: Sequence[str]) -> int:
    """Print a row for each package; 1 if an order of which we are sure is not CPython's."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE", help="an installed package, or stdlib")
    parser.add_argument("--others", action="store_true", help="ask griffe and astroid too")
    parser.add_argument("--show", action="append", default=[], help="list the wrong, the methods or a reason")
    given = parser.parse_args(arguments)
    tools = TOOLS if given.others else TOOLS[:1]
    say(heading(tools))
    results = []
    for package in given.packages:
        result = compare(package, OTHERS if given.others else {})
        results.append(result)
        say(row(result.package, [result], tools))
        for word in given.show:
            say("\n".join(one for found in result.compared for one in shown(found, word)))
    if len(results) > 1:
        say(row("all", results, tools))
    say(f"\nnot exact: {reasons(results)}")
    return int(any(one.contradicted for result in results for one in result.compared))


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def heading(tools: Sequence[str]) -> str:
    cells = ["package", "classes", "exact", "exact and equal", "wrong", "method counts equal"]
    cells += [f"{tool} equal / wrong / unknown" for tool in tools[1:]]
    return f"| {' | '.join(cells)} |\n|{' --- |' + ' ---: |' * (len(cells) - 1)}"


def row(name: str, results: Sequence[Result], tools: Sequence[str]) -> str:
    known = [one for result in results for one in result.compared]
    exact = [one for one in known if one.exact]
    cells = [
        name,
        str(len(known)),
        f"{len(exact)} ({len(exact) / max(len(known), 1):.1%})",
        str(sum(one.equal for one in exact)),
        str(sum(one.contradicted for one in known)),
        f"{sum(one.counted for one in exact)} ({sum(one.counted for one in exact) / max(len(exact), 1):.1%})",
    ]
    for tool in tools[1:]:
        verdicts = Counter(verdict for result in results for verdict in result.others[tool])
        equal, wrong, unknown = (verdicts[word] for word in ("equal", "wrong", "unknown"))
        cells.append(f"{equal} ({equal / max(len(known), 1):.1%}) / {wrong} / {unknown}")
    return f"| {' | '.join(cells)} |"


def reasons(results: Sequence[Result]) -> str:
    total = sum((result.reasons for result in results), Counter())
    return ", ".join(f"{word} {count}" for word, count in total.most_common()) or "none"


def shown(one: Compared, word: str) -> Iterator[str]:
    """The class, if the word fits it."""
    order = one.answer.order
    head = f"  {one.made.name} {one.made.place}"
    if word == "wrong" and one.contradicted:
        yield f"{head} {order.status}\n    live {one.made.orders}\n    ours {order.names}"
    elif word == "methods" and one.exact and not one.counted:
        yield f"{head} live {set(one.made.methods)} ours {one.answer.methods}"
    elif word == one.answer.reason and not one.exact:
        yield f"{head} {order.problem.detail if order.problem else order.alternatives}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
