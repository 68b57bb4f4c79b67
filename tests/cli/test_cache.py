"""What is kept between runs: told the same again, never in the tree, gone when the user says so."""

from pathlib import Path

import pytest

from tests.cli.conftest import Run, lay
from wsconsolidate.reporters.registry import Format

HUB = "class Hub:\n    async def tell(self, websocket):\n        await websocket.send_json({})\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WSCONSOLIDATE_CACHE_DIR", str(tmp_path / "cache"))
    lay(tmp_path / "tree", {"app/__init__.py": "", "app/hub.py": HUB})
    return tmp_path / "tree"


@pytest.mark.parametrize("command", ["scan", "report"])
@pytest.mark.parametrize("form", Format)
def test_the_second_run_tells_the_same(run: Run, tree: Path, command: str, form: Format):
    told = [run(command, str(tree), "--format", form, *more) for more in (["--no-cache"], [], [])]
    assert len({(one.returncode, one.stdout) for one in told}) == 1
    assert told[0].returncode == 0


@pytest.mark.parametrize("command", ["scan", "check"])
def test_a_change_is_seen(run: Run, tree: Path, command: str):
    run(command, str(tree), "--format", "json")
    (tree / "app" / "hub.py").write_text(HUB + "\n\nclass WsError(Exception):\n    pass\n")
    kept, anew = (run(command, str(tree), "--format", "json", *more).stdout for more in ([], ["--no-cache"]))
    assert kept == anew
    assert "WsError" in kept or command == "check"


def test_a_package_that_is_installed_since_is_seen(run: Run, tree: Path, tmp_path: Path):
    (tree / "app" / "hub.py").write_text(
        f"from lib import Base\n\n{HUB.replace('Hub:', 'WsHub(Base, Exception):')}"
    )
    site = tmp_path / "env" / "lib" / "site-packages"
    site.mkdir(parents=True)
    python = tmp_path / "env" / "python"
    python.write_text(f"#!/bin/sh\nprintf '%s\\n' '{Path(pytest.__file__).parents[3]}' '{site}'\n")
    python.chmod(0o755)
    arguments = ("scan", str(tree), "--format", "json", "--python", str(python))
    before = run(*arguments).stdout
    (site / "lib.py").write_text("class Base:\n    pass\n")
    after = run(*arguments).stdout
    assert '"?lib.Base"' in before
    assert '"lib.Base"' in after


def test_no_cache_writes_nothing(run: Run, tree: Path, tmp_path: Path):
    run("scan", str(tree), "--no-cache")
    assert not (tmp_path / "cache").exists()


def test_nothing_is_written_into_the_tree(run: Run, tree: Path):
    before = sorted(tree.rglob("*"))
    run("scan", str(tree))
    assert sorted(tree.rglob("*")) == before


def test_the_command_shows_and_clears(run: Run, tree: Path, tmp_path: Path):
    run("scan", str(tree))
    assert run("cache").stdout.startswith(f"{tmp_path / 'cache'}\n")
    assert run("cache", "--clear").returncode == 0
    assert "\n0 entries" in run("cache").stdout
