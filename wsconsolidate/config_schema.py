"""Every option of the configuration as a table: its JSON Schema and its reference page are made of it.

After a change of an option, write both anew:

    python -m wsconsolidate.config_schema
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from wsconsolidate.config import OFF, PLATFORMS, TYPE_CHECKERS
from wsconsolidate.model.finding import Severity
from wsconsolidate.model.presets import PRESETS
from wsconsolidate.model.role import SSOT_ROLES

Json: TypeAlias = "str | int | bool | list[Json] | dict[str, Json] | None"

SCHEMA = Path("docs/schema/config-1.json")
PAGE = Path("docs/configuration.md")
START = "<!-- options: python -m wsconsolidate.config_schema -->\n"
END = "<!-- end -->\n"

_TEXT: Json = {"type": "string", "minLength": 1}
_TEXTS: Json = {"type": "array", "items": _TEXT}
_COMMAND: Json = {"type": "array", "items": _TEXT, "minItems": 1}
_FLAG: Json = {"type": "boolean"}
_CODE = r"^WSC\d{0,3}$"
_CODES: Json = {"type": "array", "items": {"type": "string", "pattern": _CODE}}
_LEVELS: list[Json] = [level.value for level in Severity]
_CLASS: Json = {"type": "string", "pattern": r"^[^\s.]+(\.[^\s.]+)+$"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """An option: what it takes, what it is where it is not set, and what it does."""

    name: str
    takes: Json
    default: str
    does: str


def _table_of(values: Json, *, keys: Json = None) -> Json:
    names: dict[str, Json] = {} if keys is None else {"propertyNames": keys}
    return {"type": "object", **names, "additionalProperties": values}


OPTIONS = (
    Option(
        name="exclude",
        takes=_TEXTS,
        default="[]",
        does="patterns of files and folders to leave out; `--exclude` adds to it",
    ),
    Option(
        name="source-roots",
        takes=_TEXTS,
        default="[]",
        does="folders that modules are imported from, besides each analysed one, `src` and what imports tell",
    ),
    Option(
        name="events",
        takes={"type": "array", "items": _TEXT, "minItems": 1},
        default="the five of the README",
        does="the critical events",
    ),
    Option(
        name="aliases",
        takes=_table_of(_TEXT),
        default="{}",
        does='other spellings: `{ run_finished = "agent_completed" }`',
    ),
    Option(
        name="presets",
        takes={"type": "array", "items": {"enum": [*PRESETS]}},
        default="[]",
        does=f"spellings of others: {', '.join(f'`{name}`' for name in PRESETS)}",
    ),
    Option(
        name="ssot",
        takes={
            "type": "object",
            "properties": {role.value: _CLASS for role in SSOT_ROLES},
            "additionalProperties": False,
        },
        default="{}",
        does="the class that stays, for `manager`, `emitter`, `bridge`, `protocol`, `error`; "
        "else the evidence chooses",
    ),
    Option(
        name="select",
        takes=_CODES,
        default='["WSC"]',
        does="rules that are asked: codes, or prefixes such as `WSC2`",
    ),
    Option(
        name="ignore",
        takes=_CODES,
        default="[]",
        does="rules that are not; of two entries that fit a rule, the longer wins",
    ),
    Option(
        name="severity",
        takes=_table_of({"enum": [*_LEVELS, OFF]}, keys={"pattern": _CODE}),
        default="{}",
        does='another severity: `{ WSC304 = "error", WSC106 = "off" }`',
    ),
    Option(
        name="per-file-ignores",
        takes=_table_of(_CODES),
        default="{}",
        does='rules that are not asked in some files: `{ "tests/*" = ["WSC2"] }`',
    ),
    Option(
        name="fail-on",
        takes={"type": "array", "items": {"enum": _LEVELS}},
        default='["error", "warning"]',
        does="severities that fail `check`; `--fail-on` replaces it",
    ),
    Option(
        name="baseline",
        takes=_TEXT,
        default="none",
        does="the file of known findings; `--baseline` or `--since` replaces it",
    ),
    Option(
        name="require-complete",
        takes=_FLAG,
        default="false",
        does="`check` fails if anything was not seen, as with `--require-complete`",
    ),
    Option(
        name="require-reason",
        takes=_FLAG,
        default="false",
        does="a suppression without a reason is a finding (WSC002)",
    ),
    Option(
        name="target-version",
        takes={"type": "string", "pattern": r"^3\.\d{1,2}$"},
        default="the running Python",
        does="the Python of the analysed program; decides `if sys.version_info ...`",
    ),
    Option(
        name="target-platform",
        takes={"enum": [*PLATFORMS]},
        default="the running one",
        does="its `sys.platform`; decides `if sys.platform ...`",
    ),
    Option(
        name="python",
        takes=_TEXT,
        default="the running one",
        does="interpreter or virtual environment whose packages count; `--python` replaces it",
    ),
    Option(
        name="runtime",
        takes={"type": "string", "pattern": r"^(import|vendor:(?!/)(?!.*\.\.).+)$"},
        default='"import"',
        does='`"import"`, or `"vendor:PATH"` to copy it there when `fix` needs it',
    ),
    Option(
        name="type-checker",
        takes={"anyOf": [{"enum": [*TYPE_CHECKERS]}, _COMMAND]},
        default="none",
        does='`"mypy"`, `"pyright"` or a command such as `["mypy", "src"]`, run in the root: '
        "`fix --apply` is taken back if it finds an error that it did not find before",
    ),
)


def schema() -> str:
    """The JSON Schema of [tool.wsconsolidate], for editors and their completion."""
    document: Json = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "[tool.wsconsolidate] in pyproject.toml, format 1",
        "type": "object",
        "properties": {option.name: _property(option) for option in OPTIONS},
        "additionalProperties": False,
    }
    return json.dumps(document, indent=2) + "\n"


def _property(option: Option) -> Json:
    takes = option.takes if isinstance(option.takes, dict) else {}
    return {"description": f"{option.does}. Default: {option.default}.", **takes}


def page(before: str) -> str:
    """The reference page with its table made anew."""
    head, _, rest = before.partition(START)
    _, _, tail = rest.partition(END)
    return head + START + _table() + END + tail


def _table() -> str:
    rows = (f"| `{one.name}` | {_shown(one.default)} | {one.does} |" for one in OPTIONS)
    return "\n".join(("| option | default | what it does |", "| --- | --- | --- |", *rows, ""))


def _shown(default: str) -> str:
    is_toml = default[:1] in '[{"' or default in ("true", "false")
    return f"`{default}`" if is_toml else default


if __name__ == "__main__":
    SCHEMA.write_text(schema(), encoding="utf-8", newline="\n")
    PAGE.write_text(page(PAGE.read_text("utf-8")), encoding="utf-8", newline="\n")
