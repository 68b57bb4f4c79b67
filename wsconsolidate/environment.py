"""Where modules outside of the tree are: the standard library and the installed packages, as source."""

import subprocess
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from wsconsolidate.errors import UsageError
from wsconsolidate.model.source import SourceFile

_COMPILED = frozenset((".so", ".pyd"))
_ASK = "import sys, sysconfig; print(sysconfig.get_path('stdlib'), *filter(None, sys.path[1:]), sep='\\n')"


@dataclass(frozen=True, slots=True)
class Environment:
    """The folders that modules are looked for in, each with the label that stands for it in paths."""

    folders: tuple[tuple[str, Path], ...]

    def find(self, module: str) -> SourceFile | None:
        """The source of a module by its dotted name, empty if it is only compiled; None if there is none."""
        parts = module.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for label, folder in self.folders:
            place = folder.joinpath(*parts)
            compiled = extension_modules(place.parent).get(parts[-1])
            for candidate, is_package in (
                (place / "__init__.py", True),
                (place.with_suffix(".py"), False),
                (compiled, False),
            ):
                if candidate is not None and candidate.is_file():
                    return SourceFile(
                        path=f"<{label}>/{candidate.relative_to(folder).as_posix()}",
                        module=module,
                        is_package=is_package,
                        in_tests=False,
                        data=b"" if candidate is compiled else candidate.read_bytes(),
                    )
        return None


@lru_cache(maxsize=4096)
def extension_modules(folder: Path) -> Mapping[str, Path]:
    """The compiled modules in a folder by name."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return {}
    return {path.name.partition(".")[0]: path for path in entries if path.suffix in _COMPILED}


def running_environment() -> Environment:
    """The environment of the interpreter that runs the tool."""
    return _environment(Path(sysconfig.get_path("stdlib")), (Path(entry) for entry in sys.path[1:] if entry))


def environment_at(python: Path) -> Environment:
    """The environment of another interpreter, or of the virtual environment in a folder.

    The interpreter is started once with `-I` to ask for its folders; no code of the project runs.

    Raises:
        UsageError: there is no interpreter that answers.
    """
    return _asked(interpreter(python))


def interpreter(python: Path) -> Path:
    """The interpreter that is meant: itself, or that of the virtual environment in a folder.

    Raises:
        UsageError: there is none.
    """
    executable = next((found for found in _executables(python) if found.is_file()), None)
    if executable is None:
        raise UsageError(
            f"{python}: no Python interpreter or virtual environment there; name one with --python"
        )
    return executable


def _executables(python: Path) -> Iterator[Path]:
    yield python
    yield python / "bin" / "python"
    yield python / "Scripts" / "python.exe"


@lru_cache(maxsize=8)
def _asked(executable: Path) -> Environment:
    try:
        answer = subprocess.run(  # noqa: S603 - the user named this interpreter
            [str(executable), "-I", "-c", _ASK], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UsageError(f"{executable}: does not answer as a Python interpreter ({error})") from error
    stdlib, *rest = answer.stdout.splitlines() or [""]
    if not stdlib:
        raise UsageError(f"{executable}: does not answer as a Python interpreter (it names no library)")
    return _environment(Path(stdlib), (Path(entry) for entry in rest))


def _environment(stdlib: Path, entries: Iterator[Path]) -> Environment:
    installed = [entry for entry in entries if entry.name in ("site-packages", "dist-packages")]
    labelled = [("stdlib", stdlib), *(("installed", entry) for entry in installed if entry.is_dir())]
    return Environment(tuple(labelled))
