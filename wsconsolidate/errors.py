"""Every error the tool raises on purpose, as one tree.

ToolError
+-- ConfigError        an option of [tool.wsconsolidate] is wrong
+-- BaselineError      a baseline file cannot be understood
+-- ManifestError      lines of a fleet's manifest are wrong
+-- UsageError         an argument of the command is wrong
+-- NothingToAnalyse   no Python file under the given paths
+-- ApplyError         edits were not written, or not taken back
    +-- RefusedError       something speaks against the edits; nothing was written
    +-- BusyError          another run is writing in this tree
    +-- NotHeldError       a rung that is asked after writing does not hold; the tree is as it was
    +-- WriteError         the disk failed; the tree is as it was
    +-- UnfinishedError    the disk failed twice; the next start puts the tree right
    +-- ChangedError       files changed since a run, which is therefore not taken back
    +-- NoSuchRunError     there is no run to take back
    +-- JournalError       the journal is damaged
"""

from dataclasses import dataclass


class ToolError(Exception):
    """Something the user can mend; its text says what happened, where and what to do."""


class ConfigError(ToolError):
    """One or more options are wrong; every problem is reported at once."""

    def __init__(self, path: str, problems: tuple[str, ...]) -> None:
        super().__init__(path, problems)
        self.path = path
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(f"{self.path}: {problem}" for problem in self.problems)


class BaselineError(ToolError):
    """A baseline file is damaged or of another format."""

    def __init__(self, path: str, line: int, problem: str) -> None:
        super().__init__(path, line, problem)
        self.path = path
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.problem}; mend it or write it anew with --update-baseline"


class ManifestError(ToolError):
    """Lines of a fleet's manifest are wrong; every problem is reported at once."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class UsageError(ToolError):
    """An argument is wrong."""


class NothingToAnalyse(ToolError):  # noqa: N818 - reads as what happened
    """There is no Python file to analyse."""

    def __init__(self, paths: tuple[str, ...]) -> None:
        super().__init__(paths)
        self.paths = paths

    def __str__(self) -> str:
        where = ", ".join(self.paths)
        return f"no Python file under {where}: name a folder that holds some, or mend `exclude`"


class ApplyError(ToolError):
    """Edits were not written to disk, or not taken back."""


@dataclass(frozen=True, slots=True, order=True)
class Obstacle:
    """A file that must not be written, and why; the reason says what to do."""

    path: str
    reason: str


class RefusedError(ApplyError):
    """Something speaks against the edits, every obstacle is reported at once; nothing was written."""

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        super().__init__(obstacles)
        self.obstacles = obstacles

    def __str__(self) -> str:
        lines = (f"{obstacle.path}: {obstacle.reason}" for obstacle in self.obstacles)
        return "\n".join(("nothing was written:", *lines))


class NotHeldError(ApplyError):
    """What was written failed a question that only running answers, and was taken back."""

    def __init__(self, rung: str, against: tuple[str, ...], patch: str) -> None:
        super().__init__(rung, against, patch)
        self.rung = rung
        self.against = against
        self.patch = patch

    def __str__(self) -> str:
        reasons = (f"{self.rung}: {reason}" for reason in self.against)
        last = f"every file is as it was before; what was taken back is in {self.patch}"
        return "\n".join((*reasons, last))


class BusyError(ApplyError):
    """Another run holds the lock of this tree; `owner` is its process, None where unknown."""

    def __init__(self, root: str, owner: int | None) -> None:
        super().__init__(root, owner)
        self.root = root
        self.owner = owner

    def __str__(self) -> str:
        who = "another run" if self.owner is None else f"another run (process {self.owner})"
        return f"{self.root}: {who} is writing in this tree: wait until it is done, then try again"


class WriteError(ApplyError):
    """The disk refused an operation; the tree is as it was before."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem}; every file is as it was: mend that, then try again"


class UnfinishedError(ApplyError):
    """The disk refused to put files back; the journal still holds them."""

    def __init__(self, run: str, problem: str) -> None:
        super().__init__(run, problem)
        self.run = run
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"run {self.run} is cut short and could not be put back: {self.problem}; "
            "mend that, then start `wsconsolidate fix` again, which makes the tree whole"
        )


class ChangedError(ApplyError):
    """Files are neither as a run found them nor as it left them; nothing was restored."""

    def __init__(self, run: str, paths: tuple[str, ...]) -> None:
        super().__init__(run, paths)
        self.run = run
        self.paths = paths

    def __str__(self) -> str:
        return (
            f"run {self.run} is not taken back and nothing was restored, because these changed since: "
            f"{', '.join(self.paths)}; their old content is in .wsconsolidate/runs/{self.run}"
        )


class NoSuchRunError(ApplyError):
    """There is no run to take back: none at all, none of this name, or it was taken back already."""

    def __init__(self, root: str, run: str | None, problem: str) -> None:
        super().__init__(root, run, problem)
        self.root = root
        self.run = run
        self.problem = problem

    def __str__(self) -> str:
        what = "nothing to undo" if self.run is None else f"cannot undo run {self.run}"
        return f"{self.root}: {what}: {self.problem}"


class JournalError(ApplyError):
    """A file of the journal is damaged."""

    def __init__(self, path: str, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}; restore it, or remove its folder to give that run up"
