"""The registry and the folder hold the same reporters."""

from pathlib import Path

import wsconsolidate.reporters.registry as registry
from wsconsolidate.reporters.options import Options


def test_the_registry_lists_the_folder():
    folder = Path(registry.__file__).parent
    files = {path.stem.removeprefix("to_") for path in folder.glob("to_*.py")}
    assert {reporter.name for reporter in registry.REPORTERS} == files


def test_names_and_extensions_are_unique():
    assert len({reporter.name for reporter in registry.REPORTERS}) == len(registry.REPORTERS)


def test_every_reporter_makes_text_that_ends_with_a_line(troubled):
    for reporter in registry.REPORTERS:
        text = reporter.render(troubled, Options())
        assert text.endswith("\n")
        assert not text.endswith("\n\n")
        assert "old_emitter" in text
