"""Every error the tool raises on purpose, as one tree.

ToolError
+-- ConfigError        an option of [tool.wsconsolidate] is wrong
+-- BaselineError      a baseline file cannot be understood
+-- UsageError         an argument of the command is wrong
+-- NothingToAnalyse   no Python file under the given paths
"""


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
