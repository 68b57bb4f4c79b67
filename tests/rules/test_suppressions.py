"""Which findings a comment suppresses, and which comments are in vain."""

from textwrap import dedent

import pytest

from wsconsolidate.config import Config
from wsconsolidate.model.glob import Glob

TWICE = '''\
class Notifier:
{above}
    def close(self) -> None:{beside}
        """The first emit."""

    def close(self) -> None:
        """The second."""
'''
DECORATED = """
class Notifier:
    # wsconsolidate: ignore[WSC304]
    @classmethod
    @abstractmethod
    def close(cls) -> None:
        print("emit")

    def close(self) -> None:
        print("again")
"""


def program(above="", beside=""):
    return TWICE.format(above=above, beside=beside and f"  {beside}")


def codes(found):
    return sorted(one.code for one in found)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        pytest.param(program(), ["WSC304"], id="no comment"),
        pytest.param(program(beside="# wsconsolidate: ignore[WSC304]"), [], id="on the line"),
        pytest.param(program(beside="# wsconsolidate: ignore[WSC304] -- why"), [], id="with a reason"),
        pytest.param(program(beside="# noqa # wsconsolidate: ignore[WSC304]"), [], id="behind another"),
        pytest.param(program(beside="# wsconsolidate: ignore"), [], id="every rule"),
        pytest.param(program(beside="# wsconsolidate: ignore -- why"), [], id="every rule, with a reason"),
        pytest.param(program(beside="# wsconsolidate: ignore[WSC304]  # noqa"), [], id="before another"),
        pytest.param(program(beside="#wsconsolidate:ignore [ WSC304 ]"), [], id="spaced as one likes"),
        pytest.param(program(beside="# wsconsolidate: ignore WSC304"), ["WSC304"], id="no brackets"),
        pytest.param(program(beside="# wsconsolidate: ignore[WSC304] why"), [], id="no dashes"),
        pytest.param(program(beside="# wsconsolidate: ignored"), ["WSC304"], id="another word"),
        pytest.param(program(beside="# wsconsolidate: ignore[WSC3]"), [], id="a family"),
        pytest.param(program(above="    # wsconsolidate: ignore[WSC304]"), [], id="alone above"),
        pytest.param(
            program(above="    # wsconsolidate: ignore[WSC304]\n    # more words"), [], id="above a comment"
        ),
        pytest.param(DECORATED, [], id="above a decorator"),
        pytest.param(
            program(above="    # wsconsolidate: ignore[WSC304]\n"), ["WSC001", "WSC304"], id="two lines above"
        ),
        pytest.param(
            program(above="    x = 1  # wsconsolidate: ignore[WSC304]"),
            ["WSC001", "WSC304"],
            id="beside the line above",
        ),
        pytest.param(
            program(beside="# wsconsolidate: ignore[WSC301]"), ["WSC001", "WSC304"], id="another rule"
        ),
        pytest.param(
            program(beside="# wsconsolidate: ignore[WSC301, WSC304]"), ["WSC001"], id="one of two in vain"
        ),
        pytest.param(
            program(beside="# wsconsolidate: ignore[WSC888, WSC999]", above="    # plain"),
            ["WSC001", "WSC001", "WSC304"],
            id="no such rules",
        ),
        pytest.param(
            program(beside="# wsconsolidate: ignore[WSC304, WSC001]"), ["WSC001"], id="itself, in vain"
        ),
    ],
)
def test_a_comment_suppresses(found_in, text, left):
    assert codes(found_in(text)) == left


UNUSED = program(beside="# wsconsolidate: ignore[WSC206, WSC304]")


@pytest.mark.parametrize(
    ("config", "left"),
    [
        pytest.param(Config(), ["WSC001"], id="all rules ran"),
        pytest.param(Config(select=("WSC0", "WSC3")), [], id="the rule was not selected"),
        pytest.param(Config(ignore=("WSC206",)), [], id="the rule was ignored"),
        pytest.param(
            Config(per_file_ignores=((Glob("example.py"), ("WSC206",)),)), [], id="the rule skipped the file"
        ),
        pytest.param(Config(ignore=("WSC001",)), [], id="WSC001 itself was ignored"),
    ],
)
def test_only_rules_that_ran_are_missed(found_in, config, left):
    assert codes(found_in(UNUSED, config)) == left


def test_a_comment_in_a_shadowed_module_counts(found_in):
    shadowed = dedent(
        """
        # file: app/notes.py
        class Notes:
            def emit(self): return 1  # wsconsolidate: ignore[WSC304]
            def emit(self): return 2
        # file: app/notes/__init__.py
        class Other:
            def emit(self): return 1  # wsconsolidate: ignore[WSC304]
            def emit(self): return 2
        """
    )
    assert codes(found_in(shadowed)) == []


def test_an_unused_suppression_says_what_and_where(found_in):
    (found,) = found_in("x = 'emit'\n# wsconsolidate: ignore[WSC304]\ny = 2\n")
    assert (found.path, found.line, found.symbol) == ("example.py", 2, "example")
    assert found.message == "this comment suppresses nothing: no finding of WSC304 in line 3"
