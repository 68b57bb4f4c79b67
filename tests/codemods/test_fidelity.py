"""Bytes that a fix has no reason to touch stay, whatever the file looks like; or the file is refused."""

import codecs
import string

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from wsconsolidate.codemods.patch import Unfit
from wsconsolidate.codemods.sheet import printed, read_sheet

CORE = """\
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def connect_user(self, user_id: str, websocket: Any) -> str: ...
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...
"""
BEFORE = """\
#!/usr/bin/env python
# -*- coding: {cookie} -*-
'''Grüße.'''
import  os # {mark}
from typing import Any, Protocol

class WebSocketManagerProtocol(Protocol):
    async def disconnect(self, connection_id: str) -> None: ...
    async def send_to_user(self, user_id: str, message: dict[str, Any]) -> bool: ...

\x0c
def say(manager: WebSocketManagerProtocol, text = 'ü' ,):
\tif text:   \n\t\treturn (manager
  , text)  # so \\
   # odd
FLAG = os . name \\
    + "x" ;  other = 0X1F
"""
AFTER = """\
#!/usr/bin/env python
# -*- coding: {cookie} -*-
'''Grüße.'''
import  os # {mark}

from app.core import WebSocketManagerProtocol

\x0c
def say(manager: WebSocketManagerProtocol, text = 'ü' ,):
\tif text:   \n\t\treturn (manager
  , text)  # so \\
   # odd
FLAG = os . name \\
    + "x" ;  other = 0X1F
"""
VARIANTS = {
    "as it is": lambda text: text.format(cookie="utf-8", mark="").encode(),
    "latin-1": lambda text: text.format(cookie="latin-1", mark="é").encode("latin-1"),
    "cp1252": lambda text: text.format(cookie="cp1252", mark="€").encode("cp1252"),
    "big5": lambda text: (
        text.format(cookie="big5", mark="中").replace("ü", "u").replace("ß", "s").encode("big5")
    ),
    "byte order mark": lambda text: codecs.BOM_UTF8 + text.format(cookie="utf-8", mark="").encode(),
    "CR": lambda text: text.format(cookie="utf-8", mark="").replace("\n", "\r").encode(),
    "CRLF": lambda text: text.format(cookie="utf-8", mark="").replace("\n", "\r\n").encode(),
    "CRLF and byte order mark": lambda text: (
        codecs.BOM_UTF8 + text.format(cookie="utf-8", mark="").replace("\n", "\r\n").encode()
    ),
    "no final line end": lambda text: text.format(cookie="utf-8", mark="").rstrip("\n").encode(),
    "blank end": lambda text: text.format(cookie="utf-8", mark="").encode() + b"\n  \n\t\f\n ",
    "mixed line ends": lambda text: text.format(cookie="utf-8", mark="\r\n# CRLF \r\n#").encode(),
    "other planes": lambda text: text.format(cookie="utf-8", mark="\N{PARTY POPPER}\u2028\x85").encode(),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_what_is_not_touched_stays_byte_for_byte(variant, planned):
    write = VARIANTS[variant]
    found = planned(
        {"app/__init__.py": "", "app/core.py": CORE, "app/notify.py": write(BEFORE)}, codes=("WSC101",)
    )
    assert found.after["app/notify.py"] == write(AFTER), found.reasons


REFUSED = {
    "form feed before code": (b"\x0cx = 1\n" + BEFORE.format(cookie="utf-8", mark="").encode(), "line 1"),
    "too deep": ((BEFORE.format(cookie="utf-8", mark="") + "x = " + "-" * 900 + "1\n").encode(), "deeply"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_could_not_be_kept_is_refused(case, planned):
    data, reason = REFUSED[case]
    found = planned({"app/__init__.py": "", "app/core.py": CORE, "app/notify.py": data}, codes=("WSC101",))
    assert found.plan.edits == ()
    assert reason in found.reasons


def test_a_file_that_libcst_does_not_read_is_refused():
    with pytest.raises(Unfit, match="libcst does not understand it"):
        read_sheet("a.py", b"x = = 1\n")


@pytest.mark.parametrize("data", [b"# coding: nonsense\n", b"# coding: ascii\nx = '\xff'\n"])
def test_a_file_in_no_known_encoding_is_refused(data):
    with pytest.raises(Unfit, match="encoding"):
        read_sheet("a.py", data)


BLANK = st.text(" \t", max_size=2)
NAMES = st.text(string.ascii_lowercase, min_size=1, max_size=5).map(lambda name: f"v_{name}")
ENDS = st.sampled_from(["\n", "\r\n"])
COMMENTS = st.sampled_from(["", "# note", "  # type: ignore", "#\x0c", "# ü \N{PARTY POPPER}"])
VALUES = st.sampled_from(
    ["1", "( 1,\n2)", "'''a\n b'''", 'f"{1 :>3}"', "[\n]", "lambda  x:x", "'\\\n'", "b'\\x00'", "{ 1 : 2 }"]
)
LINES = st.one_of(
    st.builds("{} ={} {}{}".format, NAMES, BLANK, VALUES, COMMENTS),
    st.builds("if {}: pass{}".format, NAMES, COMMENTS),
    st.builds("def {}( a ,*b):{}\n\treturn  a{}".format, NAMES, BLANK, COMMENTS),
    st.builds("class {} :\n   '''d'''\n{}\n   x=1".format, NAMES, COMMENTS),
    st.builds("for {} in ():\n  ...\n  # {}\nelse :\n  ...".format, NAMES, NAMES),
    COMMENTS,
    BLANK,
    st.just("\x0c"),
)


@st.composite
def texts(draw, max_size=6):
    lines = draw(st.lists(LINES, max_size=max_size))
    end = draw(ENDS)
    return "".join(line.replace("\n", end) + end for line in lines)


@given(texts(max_size=12), st.booleans(), st.sampled_from(["", " ", "\n", "\x0c", "x = 1", "# end"]))
def test_a_module_is_printed_as_it_was_or_refused(text, mark, end):
    data = (codecs.BOM_UTF8 if mark else b"") + (text + end).encode()
    try:
        sheet = read_sheet("a.py", data)
    except Unfit:
        return
    assert printed(sheet.module, data, sheet.encoding) == data


@settings(
    max_examples=8,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(texts(), texts())
def test_the_code_around_a_rewritten_class_stays(planned, before, after):
    head = "from typing import Any, Protocol\n\nFIRST = 1\n"
    copy = BEFORE[BEFORE.index("class ") : BEFORE.index("\n\x0c")]
    program = f"{head}{before}MIDDLE = 2\n\n{copy}\nNEXT = 3\n{after}"
    found = planned({"app/__init__.py": "", "app/core.py": CORE, "app/notify.py": program}, codes=("WSC101",))
    assume(found.plan.groups)
    imported = "from app.core import WebSocketManagerProtocol as WebSocketManagerProtocol\n"
    expected = f"{imported}\nFIRST = 1\n{before}MIDDLE = 2\n\nNEXT = 3\n{after}"
    assert found.after["app/notify.py"].decode() == expected
