"""What a loss of power would take is on the medium before anything relies on it."""

import pytest

from tests.apply.trees import project_edits, tree
from wsconsolidate.apply.commit import commit
from wsconsolidate.apply.disk import Disk
from wsconsolidate.apply.journal import FOLDER
from wsconsolidate.apply.recover import recover
from wsconsolidate.apply.undo import undo

MANIFEST = "manifest.json"


class Ledger(Disk):
    """The real disk, which knows what is not on the medium yet: contents and the names in folders."""

    def __init__(self):
        self.open = {}
        self.contents = set()
        self.folders = set()
        self.milestones = []

    def create(self, path, mode):
        if path.name.startswith(MANIFEST):
            self.milestones.append("manifest")
            self.require_settled()
        self.touch(path)
        file = super().create(path, mode)
        self.open[file] = path
        self.contents.add(path)
        return file

    def sync(self, file):
        super().sync(file)
        self.contents.discard(self.open[file])

    def sync_folder(self, path):
        super().sync_folder(path)
        self.folders.discard(path)

    def replace(self, path, target):
        assert path not in self.contents, "a content takes its place before it is on the medium"
        self.touch(path)
        super().replace(path, target)

    def place(self, path, target):
        assert path not in self.contents, "a content takes its place before it is on the medium"
        self.touch(path)
        super().place(path, target)

    def exchange(self, path, target):
        assert path not in self.contents, "a content takes its place before it is on the medium"
        self.touch(path)
        return super().exchange(path, target)

    def make_folder(self, path):
        self.touch(path)
        super().make_folder(path)

    def remove(self, path):
        self.touch(path)
        super().remove(path)

    def remove_folder(self, path):
        self.touch(path)
        super().remove_folder(path)
        self.folders.discard(path)

    def link(self, path, text):
        self.touch(path)
        super().link(path, text)

    def touch(self, path):
        """Note that the folder of this path changes; the first change of the tree needs the journal."""
        if FOLDER not in path.parts and "tree" not in self.milestones:
            self.milestones.append("tree")
            self.require_settled()
        self.folders.add(path.parent)

    def require_settled(self):
        assert not self.contents, "contents that are not on the medium"
        assert not self.folders, "names that are not on the medium"


def write(root):
    ledger = Ledger()
    commit(root, project_edits(), disk=ledger)
    return ledger


def write_and_undo(root):
    commit(root, project_edits())
    ledger = Ledger()
    undo(root, disk=ledger)
    return ledger


def recover_a_wreck(root):
    run = commit(root, project_edits())
    manifest = root / FOLDER / "runs" / run.id / MANIFEST
    manifest.write_text(manifest.read_text().replace('"applied"', '"writing"'))
    ledger = Ledger()
    recover(root, disk=ledger)
    return ledger


@pytest.mark.parametrize(
    ("act", "milestones"),
    [
        (write, ["manifest", "tree", "manifest"]),
        (write_and_undo, ["manifest", "tree", "manifest"]),
        (recover_a_wreck, ["tree", "manifest"]),
    ],
)
def test_each_step_waits_for_the_one_before(root, act, milestones):
    (root / FOLDER).mkdir()
    ledger = act(root)
    assert ledger.milestones == milestones
    ledger.require_settled()


def test_the_journal_itself_is_on_the_medium(root):
    before = tree(root)
    ledger = Ledger()
    ledger.milestones.append("tree")  # the name of the journal is the first thing in the tree
    commit(root, project_edits(), disk=ledger)
    ledger.require_settled()
    undo(root)
    assert tree(root) == before
