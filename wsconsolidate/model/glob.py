"""Path patterns, as the configuration writes them."""

import re
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\*+|\?|\[!?\]?[^\]]*\]|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Glob:
    """A pattern for relative POSIX paths, in the way of .gitignore.

    Without a slash (`*_old.py`, `build`) it fits a file or folder of that name at any depth; with
    one (`app/*/legacy`, `/build`) it starts at the root. `*` stays within a folder, `**` does not.
    What fits a folder fits all below it.

    Raises:
        ValueError: the pattern is empty or holds a bad `[...]`.
    """

    pattern: str

    def __post_init__(self) -> None:
        _regex(self.pattern)

    def matches(self, path: str) -> bool:
        """True if the path, or a folder that it lies in, fits."""
        return _regex(self.pattern).fullmatch(path) is not None


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> re.Pattern[str]:
    text = pattern.rstrip("/")
    parts = text.removeprefix("./").lstrip("/").split("/")
    if not parts[0]:
        raise ValueError("an empty pattern")
    start = "" if "/" in text else "(?:.*/)?"
    body = "".join(_folder(part) for part in parts[:-1])
    last = ".+" if parts[-1] == "**" else _segment(parts[-1])
    try:
        return re.compile(f"{start}{body}{last}(?:/.*)?", re.DOTALL)
    except re.error as error:
        raise ValueError(str(error)) from error


def _folder(part: str) -> str:
    return "(?:[^/]+/)*" if part == "**" else f"{_segment(part)}/"


def _segment(part: str) -> str:
    return _TOKEN.sub(_translate, part)


def _translate(token: re.Match[str]) -> str:
    text = token[0]
    if text.startswith("*"):
        return "[^/]*"
    if text == "?":
        return "[^/]"
    if len(text) == 1:
        return re.escape(text)
    inner = text[1:-1].replace("\\", r"\\").replace("[", r"\[").replace("^", r"\^")
    return f"[^/{inner[1:]}]" if inner.startswith("!") else f"[{inner}]"
