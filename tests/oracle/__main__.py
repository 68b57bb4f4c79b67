"""`python -m tests.oracle PACKAGE...`: the table of orders that agree with CPython."""

import argparse
import sys
from collections.abc import Sequence

from tests.oracle.compare import Compared, Result, compare


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.oracle", description=__doc__)
    parser.add_argument("packages", nargs="+", metavar="PACKAGE")
    parser.add_argument("--show", action="append", default=[], metavar="WORD", help="list the classes of a reason: wrong, methods, not-installed, ...")
    given = parser.parse_args(arguments)
    results = []
    for package in given.packages:
        result = compare(package)
        results.append(result)
        print(line(result), flush=True)
        for word in given.show:
            print("\n".join(shown(result, word)))
    return int(any(one.contradicted for result in results for one in result.compared))


def line(result: Result) -> str:
    known = result.compared
    exact = [one for one in known if one.exact]
    wrong = sum(one.contradicted for one in known)
    counted = sum(one.counted for one in exact)
    reasons = ", ".join(f"{word} {count}" for word, count in result.reasons.most_common())
    return f"{result.package}: {len(known)} classes, {len(exact)} exact ({len(exact)/len(known):.1%}), {wrong} wrong, {counted} counts equal; {reasons}; {len(result.failed)} modules not importable"


def shown(result: Result, word: str):
    for one in result.compared:
        if word == "wrong" and one.contradicted:
            yield f"  {one.made.name} {one.made.place} {one.answer.order.status}\n    live {one.made.orders}\n    ours {one.answer.order.names}"
        elif word == "methods" and one.exact and not one.counted:
            yield f"  {one.made.name} {one.made.place} live {set(one.made.methods)} ours {one.answer.methods}"
        elif word == one.answer.reason and not one.exact:
            yield f"  {one.made.name} {one.made.place} {one.answer.order.problem.detail if one.answer.order.problem else one.answer.order.alternatives}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
