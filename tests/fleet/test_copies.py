"""Which classes count as copies of each other, over repositories."""

import textwrap
from itertools import pairwise

import pytest

from tests.conftest import Study
from wsconsolidate.fleet.bodies import ENOUGH_LINES, bodies, likeness
from wsconsolidate.fleet.join import Fleet, join
from wsconsolidate.fleet.record import Body, Failure, Figures, Record, RoleClass, from_line, to_line

CLASS = """\
class Manager:
    def __init__(self):
        self.live = {}

    async def connect(self, user, socket):
        self.live[user] = socket

    async def send(self, user, message):
        for socket in list(self.live.values()):
            await socket.send_json(message)

    def disconnect(self, user):
        self.live.pop(user, None)
"""


def body_of(study: Study, source: str) -> Body | None:
    found = study({"app.py": source})
    classes = [one for one in found.program.classes.values() if one.in_tree]
    return bodies(classes, found.tree.files).get(classes[0].id)


def body(study: Study, source: str) -> Body:
    made = body_of(study, source)
    assert made is not None
    return made


@pytest.mark.parametrize(
    "variant",
    [
        CLASS,
        CLASS.replace(
            "        self.live = {}", '        """All connections."""\n        self.live = {}  # by user'
        ),
        CLASS.replace("class Manager:", 'class Manager:\n    """Keeps connections."""\n'),
        CLASS.replace("user, message", "user,\n        message"),
        CLASS.replace("Manager", "Hub"),
        "if True:\n" + textwrap.indent(CLASS, "    "),
        "import x\n\n\n@x.registered\n" + CLASS,
    ],
    ids=["itself", "comments", "docstring", "layout", "renamed", "indented", "decorated"],
)
def test_what_makes_no_difference(study: Study, variant: str):
    same = body(study, CLASS)
    if "@" in variant:
        assert likeness(body(study, variant).sketch, same.sketch) > 0.8
    else:
        assert body(study, variant) == same


@pytest.mark.parametrize(
    ("variant", "least", "most"),
    [
        (CLASS.replace("pop(user, None)", "pop(user)"), 0.6, 0.99),
        (CLASS + "\n    def count(self):\n        return len(self.live)\n", 0.6, 0.99),
        (
            "class Other:\n" + "".join(f"    def f{n}(self):\n        return {n}\n" for n in range(6)),
            0.0,
            0.1,
        ),
    ],
    ids=["one line", "one method more", "another"],
)
def test_what_makes_one(study: Study, variant: str, least: float, most: float):
    first, second = body(study, CLASS), body(study, variant)
    assert first.digest != second.digest
    assert least <= likeness(first.sketch, second.sketch) <= most


@pytest.mark.parametrize(
    ("lines", "told"), [(ENOUGH_LINES - 1, False), (ENOUGH_LINES, True)], ids=["too small", "large enough"]
)
def test_small_classes_say_too_little(study: Study, lines: int, told: bool):
    source = "class Error(Exception):\n" + "".join(f"    a{n} = {n}\n" for n in range(lines - 1))
    assert (body_of(study, source) is not None) is told


def test_lines_are_those_of_code(study: Study):
    assert body(study, CLASS).lines == CLASS.count("\n") - CLASS.count("\n\n")


def test_newer_syntax_has_a_body(study: Study):
    assert body(study, CLASS.replace("class Manager:", "class Manager[T]:")).lines > ENOUGH_LINES


def record(name: str, *classes: RoleClass, **given: object) -> Record:
    figures = Figures(
        files=1,
        lines=10,
        classes=1,
        duplicates=0,
        completion=1.0,
        not_read=0,
        inexact_mros=0,
        runtime_events=0,
    )
    whole = {"roles": {one.role: 1 for one in classes}, "findings": {}, "events": ("agent_started",), **given}
    told = {"repository": name, "key": "k", "tool": "1", "python": "3.11", "figures": figures, "left_out": 0}
    return Record(**told, classes=classes, **whole)


def played(name: str, text: str, role: str = "manager", **events: str) -> RoleClass:
    sketch = tuple(sorted({hash_of(pair) for pair in pairwise(text)}))
    made = Body(digest=text, lines=len(text), sketch=sketch[:64])
    return RoleClass(
        qualname=f"app.{name}",
        path="app.py",
        line=1,
        role=role,
        disposition="leave",
        events=events,
        body=made,
    )


def hash_of(pair: tuple[str, str]) -> int:
    return ord(pair[0]) * 1000 + ord(pair[1])


def joined(*told: Record | Failure, top: int = 20) -> Fleet:
    return join(map(to_line, told), top)


ALPHABET = "abcdefghijklmnop"


@pytest.mark.parametrize(
    ("records", "groups"),
    [
        ([("a", "Hub", ALPHABET), ("b", "Hub", ALPHABET)], [("exact-copy", 2, 2, 1)]),
        ([("a", "Hub", ALPHABET), ("b", "Club", ALPHABET)], [("renamed-copy", 2, 2, 1)]),
        ([("a", "Hub", ALPHABET), ("b", "Hub", ALPHABET[:-1])], [("near-copy", 2, 2, 2)]),
        ([("a", "Hub", ALPHABET), ("a", "Hub", ALPHABET)], []),
        ([("a", "Hub", ALPHABET), ("b", "Hub", "zyxwvu")], []),
        (
            [
                ("a", "Hub", ALPHABET),
                ("b", "Hub", ALPHABET),
                ("c", "Hub", ALPHABET[1:]),
                ("c", "X", "zyxwvu"),
            ],
            [("near-copy", 3, 3, 2)],
        ),
    ],
    ids=["exact", "renamed", "near", "one repository", "unlike", "three"],
)
def test_groups(records: list[tuple[str, str, str]], groups: list[tuple[str, int, int, int]]):
    by_name: dict[str, list[RoleClass]] = {}
    for repository, name, text in records:
        by_name.setdefault(repository, []).append(played(name, text))
    told = [record(name, *classes) for name, classes in by_name.items()]
    found = joined(*told)
    assert [(one.kind, one.classes, one.repositories, one.versions) for one in found.copies] == groups
    assert found.totals.copied_classes == sum(group[1] for group in groups)
    assert joined(*reversed(told)) == found


def test_size_is_bounded():
    told = [record(f"r{number:03}", played("Hub", ALPHABET)) for number in range(100)]
    failed = [Failure(repository=f"x{number:03}", reason="broken") for number in range(100)]
    found = joined(*told, *failed, top=3)
    assert [row.repository for row in found.repositories] == ["r000", "r001", "r002"]
    assert [row.repository for row in found.failures] == ["x000", "x001", "x002"]
    assert (found.totals.playing, found.totals.failed, found.totals.analysed) == (100, 100, 100)
    assert (found.copies[0].classes, len(found.copies[0].members)) == (100, 5)


@pytest.mark.parametrize(
    ("records", "covered", "concerned", "without"),
    [
        ([record("a", played("E", ALPHABET, "emitter", agent_started="emits"))], 1, 1, ()),
        ([record("a", played("E", ALPHABET, "emitter", agent_started="stub"))], 0, 1, ("a",)),
        (
            [
                record("a", played("E", ALPHABET, "emitter", agent_started="missing")),
                record("b", played("E", ALPHABET, "emitter", agent_started="delegates")),
                record("c", played("P", ALPHABET, "protocol", agent_started="declares")),
            ],
            1,
            2,
            ("a",),
        ),
    ],
)
def test_events(records: list[Record], covered: int, concerned: int, without: tuple[str, ...]):
    (event,) = joined(*records).events
    assert (event.covered, event.concerned, event.without) == (covered, concerned, without)


@pytest.mark.parametrize(
    "told",
    [
        record("a", played("Hub", ALPHABET, agent_started="emits"), findings={"WSC101": 2}),
        record(
            "ä\udc80",
            RoleClass(
                qualname="x.Y", path="x.py", line=3, role="error", disposition="leave", events={}, body=None
            ),
        ),
        Failure(repository="a", reason="broken\nbadly"),
    ],
    ids=["whole", "without a body", "failed"],
)
def test_a_line_holds_everything(told: Record | Failure):
    line = to_line(told)
    assert "\n" not in line
    assert from_line(line) == told
