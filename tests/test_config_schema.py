"""The published schema and reference are those of the options, and judge as the loader does."""

import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from tests.test_config import test_option as accepted
from tests.test_config import test_wrong_option as refused
from wsconsolidate import config, config_schema

ROOT = Path(__file__).parents[1]
UPDATE = "run: python -m wsconsolidate.config_schema"
TAKES = jsonschema.Draft7Validator(json.loads(config_schema.schema()))
ONLY_THE_TREE_TELLS = (
    *("`exclude` holds the bad pattern", "there is no folder", "did you mean `agent_completed`?"),
    *("no rule is called `WSC9`", "did you mean `WSC106`?", "`baseline` must be a file"),
    *("`python`: there is no", "`per-file-ignores` holds the bad pattern"),
)


def rows(test) -> list[tuple]:
    """The table of a parametrized test."""
    return next(mark.args[1] for mark in test.pytestmark if mark.name == "parametrize")


def section(options: str) -> dict:
    return tomllib.loads(f"[tool.wsconsolidate]\n{options}")["tool"]["wsconsolidate"]


def test_the_published_files_are_up_to_date():
    published = (ROOT / config_schema.SCHEMA).read_text("utf-8")
    assert published == config_schema.schema(), UPDATE
    text = (ROOT / config_schema.PAGE).read_text("utf-8")
    assert text == config_schema.page(text), UPDATE


def test_every_option_is_in_the_table(tmp_path: Path):
    options = config._Options({}, tmp_path, ())
    options.config()
    assert sorted(options._keys) == sorted(option.name for option in config_schema.OPTIONS)


def test_the_schema_is_one():
    jsonschema.Draft7Validator.check_schema(json.loads(config_schema.schema()))


@pytest.mark.parametrize("options", [row[0] for row in rows(accepted)])
def test_what_the_loader_takes(options: str):
    TAKES.validate(section(options))


@pytest.mark.parametrize(
    "options", [row[0] for row in rows(refused) if not any(words in row[1] for words in ONLY_THE_TREE_TELLS)]
)
def test_what_the_loader_refuses(options: str):
    assert not TAKES.is_valid(section(options))
