"""A disk that counts its operations and is struck at one of them: before it, in its midst or after it."""

import os
from functools import partial

from wsconsolidate.apply.disk import Disk

OPERATIONS = tuple(name for name in vars(Disk) if not name.startswith("_"))
BEFORE, AMID, AFTER = "before", "amid", "after"
MOMENTS = (BEFORE, AMID, AFTER)


class StruckDisk(Disk):
    """The real disk; `strike(number, moment)` is called around each operation, and amid long ones."""

    def __init__(self, strike=lambda *_: None):
        self.strike = strike
        self.calls = []


def _struck(name):
    operation = getattr(Disk, name)

    def method(disk, *arguments):
        number = len(disk.calls)
        disk.calls.append(name)
        disk.strike(number, BEFORE)
        act = partial(HALVES[name], disk, number) if name in HALVES else partial(operation, disk)
        result = act(*arguments)
        disk.strike(number, AFTER)
        return result

    return method


def _write(disk, number, file, data):
    Disk.write(disk, file, data[: len(data) // 2])
    disk.strike(number, AMID)
    Disk.write(disk, file, data[len(data) // 2 :])


def _remove_tree(disk, number, path):
    first = next((entry for entry in path.iterdir() if entry.is_file()), None)
    if first is not None:
        first.unlink()
    disk.strike(number, AMID)
    Disk.remove_tree(disk, path)


HALVES = {"write": _write, "remove_tree": _remove_tree}

for _name in OPERATIONS:
    setattr(StruckDisk, _name, _struck(_name))


def moments_of(calls, moments=MOMENTS):
    """Every (number, moment) at which a disk with these operations can be struck."""
    return [
        (number, moment)
        for number, name in enumerate(calls)
        for moment in moments
        if moment != AMID or name in HALVES
    ]


def failing(at, code, *, for_good_from=None):
    """A strike that lets one operation fail, and all from a later one on."""
    return raising(at, OSError(code, os.strerror(code), "some/file"), for_good_from=for_good_from)


def raising(at, error, *, for_good_from=None):
    """A strike that raises this error."""

    def strike(number, moment):
        later = for_good_from is not None and number >= max(for_good_from, at[0] + 1)
        if (number, moment) == at or later:
            raise error

    return strike
