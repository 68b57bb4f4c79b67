"""Each codemod does in its examples what they say, once, and leaves its traps alone with a reason."""

import pytest

from wsconsolidate.codemods.registry import CODEMODS
from wsconsolidate.model.finding import Applicability


def examples(kind):
    return [
        pytest.param(codemod, one, id=f"{codemod.name}-{number}")
        for codemod in CODEMODS
        for number, one in enumerate(getattr(codemod, kind), start=1)
    ]


def texts(files):
    return {path: data.decode() for path, data in files.items()}


@pytest.mark.parametrize(("codemod", "example"), examples("rewrites"))
def test_a_program_becomes_what_the_example_says(codemod, example, planned, files_of):
    found = planned(example.before, codes=codemod.codes)
    assert texts(found.after) == texts(files_of(example.after)), found.reasons or "no finding says `fix=`"
    assert {group.code for group in found.plan.groups} == {*codemod.codes}


@pytest.mark.parametrize(("codemod", "example"), examples("rewrites"))
def test_an_example_is_as_safe_as_it_says(codemod, example, planned):
    held = planned(example.before, codes=codemod.codes, unsafe=False).plan.held
    assert bool(held) == example.unsafe
    assert all(group.risk and group.applicability is Applicability.UNSAFE for group in held)


@pytest.mark.parametrize(("codemod", "example"), examples("rewrites"))
def test_a_second_plan_is_empty(codemod, example, planned):
    again = planned(example.after, codes=codemod.codes).plan
    assert (again.groups, again.held, again.edits) == ((), (), ())


@pytest.mark.parametrize(("codemod", "example"), examples("rewrites"))
def test_a_service_beside_one_with_the_same_modules_becomes_the_same(codemod, example, planned, files_of):
    before, after = (files_of(one) for one in (example.before, example.after))
    beside = {f"beta/{path}": b"" for path in before.keys() & after.keys() if path.endswith(".py")}
    found = planned({**beside, **below("alpha", before)}, codes=codemod.codes)
    assert texts(found.after) == texts({**beside, **below("alpha", after)}), found.reasons


def below(folder, files):
    """The program with its modules in a folder that it is imported from, and its configuration above that."""
    roots = b'[tool.wsconsolidate]\nsource-roots = ["alpha", "beta"]\n'
    moved = {f"{folder}/{path}": data for path, data in files.items() if path != "pyproject.toml"}
    return {**moved, "pyproject.toml": roots + files.get("pyproject.toml", b"")}


@pytest.mark.parametrize(("codemod", "trap"), examples("untouched"))
def test_a_trap_is_left_alone_and_the_reason_given(codemod, trap, planned):
    found = planned(trap.program, codes=codemod.codes)
    assert (found.plan.groups, found.plan.edits) == ((), ())
    assert trap.reason in found.reasons if trap.reason else not found.reasons
