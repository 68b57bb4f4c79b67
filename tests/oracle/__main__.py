"""`python -m tests.oracle PACKAGE...`: the table of orders that agree with CPython."""

import argparse
import sys
from collections.abc import Iterator, Sequence

from tests.oracle.compare import Compared, Result, compare


def main(arguments: Sequence[str]) -> int:
    """Print a line for each package; 1 if an order of which we are sure is not CPython's."""
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    parser.add_argument(
        "--show", action="append", default=[], metavar="WORD", help="wrong, methods or a reason"
    )
    given = parser.parse_args(arguments)
    wrong = 0
    for package in given.packages:
        result = compare(package)
        wrong += sum(one.contradicted for one in result.compared)
        say(summary(result))
        for word in given.show:
            say("\n".join(one for found in result.compared for one in shown(found, word)))
    return int(wrong > 0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def summary(result: Result) -> str:
    known = result.compared
    exact = [one for one in known if one.exact]
    reasons = ", ".join(f"{word} {count}" for word, count in result.reasons.most_common())
    parts = (
        f"{result.package}: {len(known)} classes",
        f"{len(exact)} exact ({len(exact) / max(len(known), 1):.1%})",
        f"{sum(one.contradicted for one in known)} wrong",
        f"{sum(one.counted for one in exact)} counts equal",
        reasons,
        f"{len(result.failed)} modules not importable",
    )
    return ", ".join(filter(None, parts))


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
