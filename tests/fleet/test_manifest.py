from pathlib import Path

import pytest

from wsconsolidate.errors import ManifestError
from wsconsolidate.fleet.manifest import Repository, read_manifest

FOLDER = Path("/mirror")


def one(name: str, path: str, revision: str | None = None) -> Repository:
    return Repository(name=name, path=path, revision=revision)


@pytest.mark.parametrize(
    ("line", "repository"),
    [
        ("chat", one("chat", "/mirror/chat")),
        ("  services/chat  ", one("services/chat", "/mirror/services/chat")),
        ("/data/chat-1.0.tar.gz", one("/data/chat-1.0.tar.gz", "/data/chat-1.0.tar.gz")),
        ("chat = /data/chat-1.0.tar.gz", one("chat", "/data/chat-1.0.tar.gz")),
        ("chat.git @ v1.2", one("chat.git @ v1.2", "/mirror/chat.git", "v1.2")),
        ("old chat = chat.git @ v1.2", one("old chat", "/mirror/chat.git", "v1.2")),
        ("a = b = c", one("a", "/mirror/b = c")),
        ("name@host/a=b", one("name@host/a=b", "/mirror/name@host/a=b")),
        ("chat#1  # the first", one("chat#1", "/mirror/chat#1")),
        ("chat @ v1 # tagged", one("chat @ v1", "/mirror/chat", "v1")),
    ],
)
def test_a_line(line: str, repository: Repository):
    assert read_manifest(line, "fleet.txt", FOLDER) == (repository,)


def test_order_is_that_of_the_names_and_comments_are_none():
    found = read_manifest("# all\n\nb\n  # two\na # first\n", "fleet.txt", FOLDER)
    assert [repository.name for repository in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["fleet.txt: it names no repository: write one path a line"]),
        ("# nothing\n", ["fleet.txt: it names no repository: write one path a line"]),
        ("a\nb\na\n", ["fleet.txt:3: `a` stands in line 1 already: remove one, or name one (NAME = PATH)"]),
        ("a = \n", ["fleet.txt:1: `a =`: write it as [NAME = ]PATH[ @ REVISION]"]),
        (" = a\n", ["fleet.txt:1: `= a`: write it as [NAME = ]PATH[ @ REVISION]"]),
        ("a @ \n", ["fleet.txt:1: `a @`: no revision follows the `@`"]),
        ("a.whl @ v1\n", ["fleet.txt:1: `a.whl @ v1`: an archive has no revisions: remove `@ v1`"]),
        (
            "a\na @\nb = \n",
            [
                "fleet.txt:2: `a @`: no revision follows the `@`",
                "fleet.txt:3: `b =`: write it as [NAME = ]PATH[ @ REVISION]",
            ],
        ),
    ],
)
def test_every_wrong_line_is_named(text: str, problems: list[str]):
    with pytest.raises(ManifestError) as raised:
        read_manifest(text, "fleet.txt", FOLDER)
    assert list(raised.value.problems) == problems
