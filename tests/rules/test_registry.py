"""The registry holds every rule of the folder, and each rule is complete."""

import importlib
import re
from pathlib import Path

import pytest

import wsconsolidate.rules
from wsconsolidate.rules.codes import KNOWN_CODES
from wsconsolidate.rules.registry import RULES

FOLDER = Path(wsconsolidate.rules.__file__).parent
FILES = sorted(path.stem for path in FOLDER.glob("wsc*.py"))
SECTIONS = ["*Why it matters*", "*What to do instead*", "*Limits*"]


def test_the_registry_holds_the_rules_of_the_folder_in_order():
    assert [importlib.import_module(f"wsconsolidate.rules.{name}").RULE for name in FILES] == list(RULES)


def test_codes_are_sorted_and_known():
    assert list(KNOWN_CODES) == sorted({rule.code for rule in RULES})


@pytest.mark.parametrize(("name", "rule"), list(zip(FILES, RULES, strict=True)), ids=KNOWN_CODES)
def test_a_rule_is_named_like_its_file(name, rule):
    assert name == f"{rule.code}_{rule.name}".replace("-", "_").lower()


@pytest.mark.parametrize("rule", RULES, ids=KNOWN_CODES)
def test_a_rule_explains_itself(rule):
    summary, *paragraphs = rule.doc.strip().split("\n\n")
    assert re.fullmatch(r"[^\n]+\.", summary)
    assert [paragraph.partition(":")[0] for paragraph in paragraphs] == SECTIONS


@pytest.mark.parametrize("rule", RULES, ids=KNOWN_CODES)
def test_a_rule_has_examples_of_both_kinds(rule):
    assert rule.bad
    assert rule.good
