"""Apply then undo is the identity, whatever the files are like, and what nobody planned stays."""

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.apply import trees
from tests.apply.trees import changed, tree, write
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.preflight import preflight
from wsconsolidate.apply.undo import undo
from wsconsolidate.errors import RefusedError

CORPUS = {
    "bom.py": b"\xef\xbb\xbfx = 1\n",
    "latin.py": b"# -*- coding: latin-1 -*-\nx = '\xe4'\n",
    "crlf.py": b"x = 1\r\ny = 2\r\n",
    "cr.py": b"x = 1\ry = 2\r",
    "mixed.py": b"x = 1\r\ny = 2\nz = 3\r",
    "feeds.py": b"x = 1\n\x0c\ny = 2\n",
    "tabs.py": b"if x:\n\ty = 1 \t\n        z = 2\n",
    "open.py": b"x = 1",
    "empty.py": b"",
    "nul.bin": b"\0\x1a\xff",
    "gr\u00fc\u00dfe an alle \U0001f680.py": b"x = 1\n",
    'it\'s "quoted" $HOME `ls` \\n.py': b"x = 1\n",
    "new\nline.py": b"x = 1\n",
    "-rf.py": b"x = 1\n",
    "long/" + "n" * 240 + ".py": b"x = 1\n",
    "/".join(["deep"] * 60) + "/x.py": b"x = 1\n",
    "huge.py": b"x = 1234567\n" * 900_000,
}
MODES = {"crlf.py": 0o755, "open.py": 0o600, "tabs.py": 0o664, "empty.py": 0o4755}


@pytest.fixture
def corpus(memory):
    root = memory / "corpus"
    write(root, CORPUS)
    for name, mode in MODES.items():
        (root / name).chmod(mode)
    (root / "pkg").mkdir()
    (root / "pkg/link.py").symlink_to("../crlf.py")
    (root / "folder").symlink_to("deep")
    return root


EDITS = {
    "change": lambda name, data: changed(name, data, b"# \xe4\r" + data),
    "empty": lambda name, data: changed(name, data, b""),
    "delete": lambda name, data: changed(name, data, None),
    "replace with a new one": lambda name, data: changed(f"new folder/{name}", None, data),
}


@pytest.mark.parametrize("kind", EDITS)
def test_of_every_file_every_byte_comes_back(corpus, kind):
    edits = [EDITS[kind](name, data) for name, data in CORPUS.items()]
    before = tree(corpus)
    assert preflight(corpus, edits) == ()
    commit(corpus, edits)
    for edit in edits:
        assert content(corpus / edit.path) == edit.after
    undo(corpus)
    assert tree(corpus) == before


def content(path):
    return path.read_bytes() if path.exists() else None


def test_modes_stay(corpus):
    commit(corpus, [EDITS["change"](name, CORPUS[name]) for name in MODES])
    assert {name: (corpus / name).stat().st_mode & 0o7777 for name in MODES} == MODES


def test_a_changed_link_still_leads_to_its_target(corpus):
    commit(corpus, [changed("pkg/link.py", CORPUS["crlf.py"], b"z = 1\r\n")])
    assert str((corpus / "pkg/link.py").readlink()) == "../crlf.py"
    assert (corpus / "crlf.py").read_bytes() == b"z = 1\r\n"


def attribute(path):
    return os.getxattr(path, "user.origin")


def test_extended_attributes_stay_and_come_back(corpus):
    path = corpus / "bom.py"
    try:
        os.setxattr(path, "user.origin", b"mine")
    except (OSError, AttributeError):
        pytest.skip("no extended attributes here")
    commit(corpus, [changed("bom.py", CORPUS["bom.py"], b"")])
    assert attribute(path) == b"mine"
    commit(corpus, [changed("bom.py", b"", None)])
    for _ in range(2):
        undo(corpus)
        assert attribute(path) == b"mine"


def test_the_owner_stays_and_comes_back(corpus):
    path = corpus / "bom.py"
    try:
        os.chown(path, 1234, 1234)
    except (OSError, AttributeError):
        pytest.skip("only root may give files away")
    for act in (lambda: commit(corpus, [changed("bom.py", CORPUS["bom.py"], b"")]), lambda: undo(corpus)):
        act()
        assert (path.stat().st_uid, path.stat().st_gid) == (1234, 1234)


def test_a_new_file_belongs_to_the_group_of_its_folder(corpus):
    try:
        os.chown(corpus / "pkg", -1, 1234)
    except (OSError, AttributeError):
        pytest.skip("only root may give folders away")
    (corpus / "pkg").chmod(0o2755)
    commit(corpus, [changed("pkg/sub/new.py", None, b"")])
    assert (corpus / "pkg/sub/new.py").stat().st_gid == 1234


NAMES = st.sampled_from(
    ["a.py", "b.py", "pkg/a.py", "pkg/sub/b.py", "other/c.bak", "other/d e.py", "\u00e4.py"]
)
CONTENTS = st.none() | st.binary(max_size=12)
MODE = st.sampled_from([0o644, 0o755, 0o600])


@st.composite
def histories(draw):
    """A tree by path, and what each of some runs makes of it."""
    start = draw(st.dictionaries(NAMES, st.binary(max_size=12)))
    runs = draw(st.lists(st.dictionaries(NAMES, CONTENTS, min_size=1), min_size=1, max_size=4))
    modes = {name: draw(MODE) for name in sorted(start)}
    return start, modes, runs


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_any_runs_are_undone_in_turn(history):
    start, modes, runs = history
    with trees.memory() as folder:
        root = trees.Path(folder) / "root"
        root.mkdir()
        write(root, start)
        for name, mode in modes.items():
            (root / name).chmod(mode)
        seen = []
        for wanted in runs:
            edits = [changed(name, content(root / name), after) for name, after in wanted.items()]
            earlier = tree(root)
            if commit(root, edits) is None:
                assert tree(root) == earlier
                continue
            seen.append(earlier)
            assert {name: content(root / name) for name in wanted} == wanted
            if any(edit.before != edit.after for edit in edits):
                assert_refused(root, edits)
        while seen:
            undo(root)
            assert tree(root) == seen.pop()


def assert_refused(root, edits):
    before = tree(root)
    with pytest.raises(RefusedError):
        commit(root, edits)
    assert tree(root) == before
