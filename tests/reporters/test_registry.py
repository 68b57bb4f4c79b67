"""The registry and the folder hold the same formats."""

from pathlib import Path

import pytest

import wsconsolidate.reporters.registry as registry
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.registry import Format


def test_the_registry_lists_the_folder():
    folder = Path(registry.__file__).parent
    assert set(Format) == {path.stem.removeprefix("to_") for path in folder.glob("to_*.py")}


@pytest.mark.parametrize("form", Format)
def test_every_format_is_text_that_ends_with_a_line(troubled, form):
    text = form.reporter.render(troubled, Options())
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "old_emitter" in text
