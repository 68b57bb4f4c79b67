"""The published JSON Schema: fresh, valid, and strict enough to say no."""

import json
from pathlib import Path

import jsonschema
import pytest

from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.schema import schema
from wsconsolidate.reporters.to_json import render

PUBLISHED = Path(__file__).parents[2] / "docs" / "schema" / "report-1.json"


@pytest.fixture(scope="module")
def validator():
    made = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(made)
    return jsonschema.Draft202012Validator(made)


def test_the_published_schema_is_the_one_the_code_makes():
    hint = "run: python -m wsconsolidate.reporters.schema > docs/schema/report-1.json"
    assert PUBLISHED.read_text("utf-8") == schema(), hint


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(all_classes=True),
        Options(sections=True),
        Options(all_classes=True, sections=True, timestamp="2030-01-01T00:00:00Z"),
    ],
)
def test_documents_are_valid(report, troubled, validator, options):
    for one in (report, troubled):
        validator.validate(json.loads(render(one, options)))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("format",), 2),
        (("surprise",), 1),
        (("summary", "completion"), 1.5),
        (("classes", 0, "role"), "wizard"),
        (("classes", 0, "line"), 0),
        (("classes", 0, "mro_status"), None),
        (("classes", 0, "events", "agent_started", "status"), "maybe"),
        (("findings", 0, "severity"), "fatal"),
        (("sections", "actions", "blocks", 0, "kind"), "picture"),
    ],
)
def test_other_documents_are_not(troubled, validator, path, value):
    document = json.loads(render(troubled, Options(sections=True)))
    *above, last = path
    part = document
    for step in above:
        part = part[step]
    part[last] = value
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)


@pytest.mark.parametrize("key", ["format", "summary", "completeness", "classes", "problems"])
def test_no_key_may_be_missing(report, validator, key):
    document = json.loads(render(report, Options()))
    del document[key]
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(document)
