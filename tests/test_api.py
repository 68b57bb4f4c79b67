"""The public API is what `tests/api.txt` says: a change of it is seen in a review, and is told to users.

After a change that is meant, write the file anew and tell of it in CHANGELOG.md:

    python -m pytest tests/test_api.py --update-golden
"""

import enum
import inspect
import re
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import is_typeddict

import pytest

import wsconsolidate
from wsconsolidate import runtime

ROOT = Path(__file__).parents[1]
GOLDEN = Path(__file__).with_name("api.txt")
PAGE = ROOT / "docs" / "runtime.md"
_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_MODULES = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")


def api() -> str:
    """Everything that a user may import, a line each, with its signature."""
    return "\n".join(("wsconsolidate.__version__", *_names(), "")) + "\n".join((*_entry_points(), ""))


def _names() -> Iterator[str]:
    for name in runtime.__all__:
        value = getattr(runtime, name)
        full = f"wsconsolidate.runtime.{name}"
        if isinstance(value, type):
            bases = ", ".join(base.__name__ for base in value.__bases__)
            yield f"{full}({bases})"
            yield from (f"{full}.{line}" for line in _members(value))
        else:
            yield f"{full}{_signature(value)}"


def _members(value: type) -> Iterator[str]:
    if is_typeddict(value):
        yield from (f"{key}: {inspect.formatannotation(kind)}" for key, kind in value.__annotations__.items())
    if issubclass(value, enum.Enum):
        yield from (f"{member.name} = {member.value!r}" for member in value)
    for name in sorted(dir(value)):
        found = inspect.getattr_static(value, name)
        is_ours = any(
            name in vars(base) and base.__module__.startswith("wsconsolidate") for base in value.__mro__
        )
        if is_ours and (name == "__init__" or not name.startswith("_")) and not isinstance(found, enum.Enum):
            yield f"{name}{_signature(getattr(found, '__func__', found))}"


def _signature(value: object) -> str:
    """`(self, user: str) -> None`, behind `async` where it is awaited; nothing where it is not called."""
    if not inspect.isfunction(value):
        return ""
    shown = _MODULES.sub("", _ADDRESS.sub("", str(inspect.signature(value))))
    return f"{' async' if inspect.iscoroutinefunction(value) else ''}{shown}"


def _entry_points() -> Iterator[str]:
    for point in distribution("wsconsolidate").entry_points:
        yield f"command {point.name} = {point.value}"


def test_the_api_is_what_was_agreed(request: pytest.FixtureRequest):
    if request.config.getoption("--update-golden"):
        GOLDEN.write_text(api(), encoding="utf-8", newline="\n")
    assert GOLDEN.read_text("utf-8") == api()


def test_the_package_has_no_other_public_name():
    public = {
        name for name, value in vars(wsconsolidate).items() if name[0] != "_" and not inspect.ismodule(value)
    }
    assert public == set()
    assert wsconsolidate.__version__ == distribution("wsconsolidate").version


@pytest.mark.parametrize("name", runtime.__all__)
def test_every_public_name_of_the_runtime_is_documented(name: str):
    assert re.search(rf"\b{name}\b", PAGE.read_text("utf-8")), f"docs/runtime.md does not tell of {name}"


def test_types_are_shipped():
    assert (Path(wsconsolidate.__file__).parent / "py.typed").is_file()
