"""Of any program: what is written parses, a second run writes nothing, and undo restores every byte."""

from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.conftest import lay
from tests.trials.judge import digest, parsed, unresolved
from tests.trials.plant import EMITTER, MANAGER, PROTOCOL
from wsconsolidate.config import Overrides
from wsconsolidate.pipeline.enact import Demand, enact
from wsconsolidate.pipeline.repair import Order, repair

NOISE = (
    "LIMIT = 3  # of all\n",
    "\n\ndef helper(a, *, b=1):\n\treturn a, b\n",
    "\n\n\f\n@staticmethod\ndef odd(): ...\n",
    "if True:\n    import os\nelse:\n    os = None\n",
    "TEXT = '''a\n  b\n'''\n",
    "class Plain:\n    x: int = 1;  y = 2\n",
    'NAME = "\u00e4"\n',
)
HEADS = (
    "",
    '"""What this is."""\n',
    "# -*- coding: utf-8 -*-\n",
    "#!/usr/bin/env python\n# A licence.\n\n",
    '"""Doc."""\n\nfrom __future__ import annotations\n\nimport asyncio\n',
    "from starlette.websockets import WebSocket as WS, WebSocketState\n",
)
TAILS = ("", "\n\n\n", "# the end", "    \n", "\n# \u00fc \n")
NAMES = ("app/__init__.py", "app/a.py", "app/b.py", "app/deep/__init__.py", "app/deep/c.py", "lone.py")


@st.composite
def sources(draw, number: int) -> bytes:
    """A module with some duplicates and some noise, in some form."""
    seeds = [seed.format(name=f"Made{number}") for seed in (EMITTER, PROTOCOL, MANAGER)]
    parts = draw(st.lists(st.sampled_from([*seeds, *NOISE]), max_size=4, unique=True))
    text = draw(st.sampled_from(HEADS)) + "\n".join(parts) + draw(st.sampled_from(TAILS))
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return draw(st.sampled_from([b"", b"\xef\xbb\xbf"])) + text.replace("\n", end).encode()


@st.composite
def programs(draw) -> dict[str, bytes]:
    """Modules by path, and backups of some."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=2, unique=True))
    files = {name: draw(sources(number)) for number, name in enumerate(names)}
    for name in draw(st.lists(st.sampled_from(names), max_size=2, unique=True)):
        files[f"{name}.bak"] = draw(st.sampled_from([files[name], b"old = 1\n"]))
    return files


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(files=programs(), unsafe=st.booleans(), mode=st.sampled_from([0o644, 0o755, 0o600]))
def test_every_program_survives(files: dict[str, bytes], unsafe: bool, mode: int):
    from wsconsolidate.apply.undo import undo

    with TemporaryDirectory() as folder:
        root = lay(Path(folder) / "tree", files)
        for name in files:
            (root / name).chmod(mode)
        before, could, lost = digest(root), parsed(root).keys(), unresolved(root)
        order = Order(unsafe=unsafe)
        run = enact(repair([root], Overrides(), order), Demand(), lambda *_: None, allow_dirty=False)
        assert could <= parsed(root).keys()
        assert unresolved(root) <= lost
        assert not repair([root], Overrides(), order).plan.edits
        if run is not None:
            undo(root)
        assert digest(root) == before
