"""The ratchet, row by row, by the installed command: a baseline file, and `--since` a revision."""

from pathlib import Path

import pytest

from tests.benchmarks.gate_rows import BROKEN, MENDED, PROGRAM, ROWS, RUN, Row, Says
from tests.cli.conftest import Result, Run, lay
from tests.cli.repository import Repository, replace_tree, repository
from wsconsolidate.baseline import HEADER

KNOWN = "known.txt"
BY_NAME = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)


@pytest.fixture
def program(tmp_path: Path) -> Repository:
    """The program, committed."""
    return repository(lay(tmp_path / "work", PROGRAM))


def put(row: Row, program: Repository) -> None:
    replace_tree(program.folder, PROGRAM, row.edit(PROGRAM))
    if row.committed:
        program.commit()


def check(run: Run, program: Repository, *options: str) -> Result:
    return run("check", program.folder, *options)


def heard(result: Result) -> set[Says]:
    """What the gate complained of; its exit code goes with it."""
    said = {
        says for says, words in ((Says.NEW, " new error"), (Says.STALE, "stale ")) if words in result.stderr
    }
    assert result.returncode == (1 if said else 0), result.stderr
    return said or {Says.NOTHING}


@BY_NAME
def test_a_baseline(command: Run, program: Repository, row: Row):
    assert check(command, program, "--baseline", KNOWN, "--update-baseline").returncode == 0
    put(row, program)
    result = check(command, program, "--baseline", KNOWN)
    stale = {Says.STALE} if "moved" in row.name or "swap" in row.name else set()
    assert heard(result) == {row.says} | stale


@BY_NAME
def test_since_a_revision(run: Run, program: Repository, row: Row):
    start = program.git("rev-parse", "HEAD").strip()
    put(row, program)
    result = check(run, program, "--since", start)
    assert heard(result) == {Says.NOTHING if row.says is Says.STALE else row.says}


def branch(run: Run, program: Repository, name: str, *edits: tuple[str, str]) -> None:
    """A branch from main on which the program is edited and the baseline brought up to date."""
    program.git("switch", "--quiet", "--create", name, "main")
    path = program.folder / RUN
    for old, new in edits:
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new, 1), encoding="utf-8")
    assert check(run, program, "--baseline", KNOWN, "--update-baseline").returncode == 0
    program.commit()


KEEPER = """\
class Keeper:
    def __init__(self, hub: Hub) -> None:
        self.hub = hub

    async def keep(self) -> None:
        self.hub.send("tool_executing", 5)


class Waiter"""
COPY = ("class Waiter", KEEPER)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param([BROKEN], [COPY], id="both add"),
        pytest.param([MENDED], [COPY], id="one fixes, one adds"),
        pytest.param([MENDED], [BROKEN], id="neighbours"),
    ],
)
@pytest.mark.parametrize("turned", [False, True], ids=["there", "back"])
def test_merged_branches_pass(run: Run, program: Repository, one: list, other: list, turned: bool):
    check(run, program, "--baseline", KNOWN, "--update-baseline")
    program.commit()
    branch(run, program, "one", *one)
    branch(run, program, "other", *other)
    here, there = ("one", "other") if turned else ("other", "one")
    program.git("switch", "--quiet", here)
    program.git("merge", "--quiet", "--no-edit", there)
    merged = (program.folder / KNOWN).read_text("utf-8")
    assert heard(check(run, program, "--baseline", KNOWN)) == {Says.NOTHING}
    check(run, program, "--baseline", KNOWN, "--update-baseline")
    assert sorted((program.folder / KNOWN).read_text("utf-8").splitlines()) == sorted(merged.splitlines())


class TestSince:
    """What `--since` is told by git, and what it says where git cannot tell."""

    def test_the_work_tree_is_not_touched(self, run: Run, program: Repository):
        program.commit()
        lay(program.folder, {RUN: "broken(:\n", "new.txt": "x"})
        program.git("add", RUN)
        before = (
            program.git("status", "--porcelain=v2", "--branch"),
            (program.folder / ".git/index").read_bytes(),
        )
        assert run("check", program.folder, "--since", "HEAD").returncode == 0
        assert before == (
            program.git("status", "--porcelain=v2", "--branch"),
            (program.folder / ".git/index").read_bytes(),
        )

    def test_only_what_is_new_is_shown(self, run: Run, program: Repository):
        lay(program.folder, {RUN: (program.folder / RUN).read_text("utf-8").replace(*BROKEN)})
        result = run("check", program.folder, "--since", "HEAD")
        assert [line.split(" ")[1] for line in result.stdout.splitlines() if line.startswith("app/")] == [
            "WSC206"
        ]
        assert result.stderr == "wsconsolidate: 1 new error\n"

    def test_a_staged_change_counts(self, run: Run, program: Repository):
        lay(program.folder, {RUN: (program.folder / RUN).read_text("utf-8").replace(*BROKEN)})
        program.git("add", RUN)
        assert run("check", program.folder, "--since", "HEAD").returncode == 1

    def test_a_part_of_the_tree(self, run: Run, program: Repository):
        lay(program.folder, {"pyproject.toml": "[tool.wsconsolidate]\n"})
        assert run("check", program.folder / "app", "--since", "HEAD").returncode == 0
        assert run("check", "run.py", "hub.py", "--since", "HEAD", cwd=program.folder / "app").returncode == 0

    def test_a_folder_that_was_not_there_is_all_new(self, run: Run, program: Repository):
        lay(
            program.folder,
            {"more/hub.py": PROGRAM["app/hub.py"], "more/run.py": PROGRAM[RUN].replace("app.", "")},
        )
        result = run("check", program.folder / "more", "--since", "HEAD")
        assert result.returncode == 1

    def test_todays_configuration_judges_both(self, run: Run, program: Repository):
        options = (
            "[tool.wsconsolidate]\nseverity = { WSC203 = 'error' }\nssot = { manager = 'app.hub.Main' }\n"
        )
        renamed = {name: text.replace("Hub", "Main") for name, text in PROGRAM.items()}
        lay(program.folder, {**renamed, "pyproject.toml": options})
        assert run("check", program.folder, "--since", "HEAD").returncode == 0

    def test_a_configured_baseline_makes_room(self, run: Run, program: Repository):
        lay(program.folder, {"pyproject.toml": "[tool.wsconsolidate]\nbaseline = 'none.txt'\n"})
        assert run("check", program.folder).returncode == 2
        assert run("check", program.folder, "--since", "HEAD").returncode == 0

    def test_links_attributes_and_submodules(self, run: Run, program: Repository, tmp_path: Path):
        library = repository(lay(tmp_path / "library", {"lib/__init__.py": "", "lib/run.py": PROGRAM[RUN]}))
        allowed = ("-c", "protocol.file.allow=always")
        program.git(*allowed, "submodule", "--quiet", "add", str(library.folder), "vendored")
        lay(program.folder, {".gitattributes": "*.py export-ignore filter=nothing\n"})
        (program.folder / "linked").symlink_to("app")
        program.commit()
        assert run("check", program.folder, "--since", "HEAD").returncode == 0
        assert run("check", program.folder, "--since", "HEAD~1").returncode == 1

    def test_a_revision_without_python(self, run: Run, tmp_path: Path):
        late = repository(lay(tmp_path / "late", {"notes.txt": ""}))
        lay(late.folder, PROGRAM)
        assert run("check", late.folder, "--since", "HEAD").returncode == 1

    @pytest.mark.parametrize("revision", ["nonsense", "HEAD~9", "HEAD:app", "--all", ""])
    def test_an_unknown_revision(self, run: Run, program: Repository, revision: str):
        result = run("check", program.folder, f"--since={revision}")
        assert (result.returncode, result.stdout) == (2, "")
        assert f"--since {revision}: git knows no such commit in {program.folder}" in result.stderr

    def test_a_shallow_clone(self, run: Run, program: Repository, tmp_path: Path):
        start = program.git("rev-parse", "HEAD").strip()
        program.commit()
        program.git("clone", "--quiet", "--depth", "1", f"file://{program.folder}", str(tmp_path / "shallow"))
        result = run("check", tmp_path / "shallow", "--since", start)
        assert (result.returncode, result.stdout) == (2, "")
        assert "not in this shallow clone; fetch it with `git fetch --unshallow`" in result.stderr
        assert run("check", tmp_path / "shallow", "--since", "HEAD").returncode == 0

    def test_no_work_tree(self, run: Run, tmp_path: Path):
        lay(tmp_path / "plain", PROGRAM)
        result = run("check", tmp_path / "plain", "--since", "HEAD", GIT_CEILING_DIRECTORIES=str(tmp_path))
        assert (result.returncode, result.stdout) == (2, "")
        assert "--since HEAD needs a git work tree: fatal: not a git repository" in result.stderr

    def test_no_git(self, run: Run, program: Repository):
        result = run("check", program.folder, "--since", "HEAD", PATH="/nowhere")
        assert (result.returncode, result.stdout) == (2, "")
        assert "git is not installed" in result.stderr

    @pytest.mark.parametrize("other", [("--baseline", KNOWN), ("--update-baseline",)])
    def test_one_yardstick_only(self, run: Run, program: Repository, other: tuple[str, ...]):
        result = run("check", program.folder, "--since", "HEAD", *other)
        assert (result.returncode, result.stdout) == (2, "")
        assert "choose one" in result.stderr


class TestUpdate:
    """What `--update-baseline` tells, and what it leaves alone."""

    def test_it_shows_what_came_and_what_went(self, run: Run, program: Repository):
        run("check", program.folder, "--baseline", KNOWN, "--update-baseline")
        put(next(row for row in ROWS if row.name.startswith("swap")), program)
        result = run("check", program.folder, "--baseline", KNOWN, "--update-baseline")
        said, *changes = result.stderr.splitlines()
        assert said.startswith(f"wsconsolidate: {program.folder / KNOWN} knows ")
        assert changes == ["  + WSC206 app.run.Runner.think", "  - WSC206 app.run.Runner.start"]
        again = run("check", program.folder, "--baseline", KNOWN, "--update-baseline")
        assert again.stderr == f"{said}\n"

    def test_another_file_is_not_overwritten(self, run: Run, program: Repository):
        result = run("check", program.folder, "--baseline", RUN, "--update-baseline")
        assert (result.returncode, result.stdout) == (2, "")
        assert f"{RUN} is no baseline, and is left as it is" in result.stderr
        assert (program.folder / RUN).read_text("utf-8") == PROGRAM[RUN]

    @pytest.mark.parametrize(
        "content", ["", "\n", f"<<<<<<< HEAD\n{HEADER}\n=======\n", f"{HEADER}\nnonsense\n"]
    )
    def test_a_damaged_baseline_is(self, run: Run, program: Repository, content: str):
        lay(program.folder, {KNOWN: content})
        assert run("check", program.folder, "--baseline", KNOWN, "--update-baseline").returncode == 0
        assert run("check", program.folder, "--baseline", KNOWN).returncode == 0
