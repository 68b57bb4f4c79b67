"""Which methods of a class do what methods of another do, given that those that they call do."""

from collections.abc import Collection, Mapping

Pair = tuple[str, str]


def same_methods(
    alike: Mapping[Pair, tuple[Pair, ...]], stay: Collection[str], moved: Mapping[str, str]
) -> dict[str, str]:
    """Each method of one class with the one of the other that does the very same; its namesake comes first.

    All that are alike are taken to be the same at first, and those fall away that call, under another name,
    what is not, until none does: the greatest bisimulation of the two classes.

    Args:
        alike: the methods that do the same, with the attributes that they know by other names.
        stay: the methods of the one, which take the place of namesakes that the other calls.
        moved: the attributes that have another name in the other class.
    """
    found = dict(alike)
    settled: set[Pair] = set()
    while settled != set(found):
        settled = set(found)
        found = {
            pair: names
            for pair, names in found.items()
            if all(moved.get(one[0]) == one[1] or (one in settled and one[1] not in stay) for one in names)
        }
    chosen: dict[str, str] = {}
    for name, other in sorted(found, key=lambda pair: pair[0] != pair[1]):
        chosen.setdefault(name, other)
    return chosen
