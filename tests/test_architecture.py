"""The map in docs/architecture.md says of each module what the module says of itself."""

import ast
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import networkx
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "wsconsolidate"
MODULES = sorted(PACKAGE.rglob("*.py"))
PAGE = ROOT / "docs" / "architecture.md"
COMMAND = "python -m pytest tests/test_architecture.py --update-golden"
START = f"<!-- captions: the modules' own docstrings; {COMMAND} -->\n"
END = "<!-- end -->\n"
ONE_FILE_EACH = {
    "model": "subject",
    "rules": "rule",
    "report": "section",
    "reporters": "format",
    "apply": "step",
    "cli": "command",
    "consolidate": "decision",
    "extract": "part of the language",
    "loadtest": "part",
    "fleet": "step",
    "roles": "role",
    "codemods": "rewrite",
    "runtime": "part",
    "adapters": "framework",
    "verify": "question",
    "proof": "question",
    "probe": "part",
    "backplanes": "broker",
    "client": "language",
    "testing": "tool",
}


def caption(module: Path) -> str:
    docstring = ast.get_docstring(ast.parse(module.read_text("utf-8")))
    assert docstring, f"{module} has no docstring"
    return docstring.splitlines()[0]


def captions() -> str:
    modules = sorted(
        PACKAGE.rglob("*.py"), key=lambda path: (path.parent, path.name != "__init__.py", path.name)
    )
    lines = []
    for folder, inside in groupby(modules, key=lambda path: path.parent):
        first, *rest = inside
        kind = ONE_FILE_EACH.get(folder.name)
        one_each = f" One file a {kind}." if kind else ""
        lines.append(f"\n**{folder.relative_to(ROOT).as_posix()}**: {caption(first)}{one_each}")
        lines += [f"- `{module.stem}`: {caption(module)}" for module in rest if not kind]
    return "\n".join(lines).lstrip("\n") + "\n"


def test_captions_are_the_docstrings(request: pytest.FixtureRequest):
    before, _, rest = PAGE.read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    expected = before + START + captions() + END + after
    if request.config.getoption("--update-golden"):
        PAGE.write_text(expected, encoding="utf-8", newline="\n")
    assert PAGE.read_text("utf-8") == expected


def test_the_map_is_short():
    assert len(PAGE.read_text("utf-8").splitlines()) < 200


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_files_are_short(module: Path):
    assert len(module.read_text("utf-8").splitlines()) <= 400


RECURSIVE = (
    {
        "link.calls",
        "link.classes",
        "link.evaluate",
        "link.library",
        "link.naming",
    },  # follow calls
    {"link.locals", "link.types"},  # what a name holds and what type that has
)


def named(module: Path) -> str:
    return ".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__")


def imports(module: Path, known: set[str]) -> Iterator[str]:
    """The modules of the package that a module names, wherever and for whatever it imports them."""
    package = named(module) if module.stem == "__init__" else named(module).rpartition(".")[0]
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            source = ".".join([*above, *filter(None, [node.module])])
            below = (f"{source}.{alias.name}" for alias in node.names)
            yield from (name if name in known else source for name in below)


def test_only_what_is_one_recursion_imports_in_a_circle():
    known = {named(module) for module in MODULES}
    graph = networkx.DiGraph((named(module), name) for module in MODULES for name in imports(module, known))
    circles = [found for found in networkx.strongly_connected_components(graph) if len(found) > 1]
    short = [{name.removeprefix("wsconsolidate.") for name in found} for found in circles]
    assert sorted(map(sorted, short)) == sorted(map(sorted, RECURSIVE))
