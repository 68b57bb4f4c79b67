"""The registry holds every codemod of the folder, and each is complete."""

import importlib
import sys
from pathlib import Path

import pytest

import wsconsolidate.codemods
from wsconsolidate.codemods.codemod import Codemod
from wsconsolidate.codemods.registry import CODEMODS
from wsconsolidate.rules.codes import KNOWN_CODES

FOLDER = Path(wsconsolidate.codemods.__file__).parent
each = pytest.mark.parametrize("codemod", CODEMODS, ids=lambda codemod: codemod.name)


def codemods_of_the_folder():
    for path in sorted(FOLDER.glob("*.py")):
        module = importlib.import_module(f"wsconsolidate.codemods.{path.stem}")
        found = getattr(module, "CODEMOD", None)
        if isinstance(found, Codemod):
            yield path.stem, found


def test_the_registry_holds_the_codemods_of_the_folder():
    assert {id(found) for _, found in codemods_of_the_folder()} == {id(one) for one in CODEMODS}


def test_each_rule_has_one_codemod_at_most_and_they_stand_in_order():
    codes = [code for codemod in CODEMODS for code in codemod.codes]
    assert codes == sorted(set(codes))
    assert set(codes) <= set(KNOWN_CODES)


@pytest.mark.parametrize(("file", "codemod"), list(codemods_of_the_folder()))
def test_a_codemod_is_named_like_its_file(file, codemod):
    assert codemod.name == file.replace("_", "-")


@each
def test_a_codemod_has_at_least_as_many_traps_as_rewrites(codemod):
    assert codemod.rewrites
    assert len(codemod.untouched) >= len(codemod.rewrites)


@each
def test_a_codemod_explains_itself(codemod):
    summary, _, rest = sys.modules[codemod.propose.__module__].__doc__.strip().partition("\n\n")
    assert summary.endswith(".")
    assert rest
