"""How every command may end: its exit codes, as `--help` and the reference tell them."""

from collections.abc import Mapping

MEANT = {
    "scan": {0: "analysed"},
    "report": {0: "analysed"},
    "check": {
        0: "nothing new",
        1: "a new finding, a stale baseline entry, or something not seen where all must be",
    },
    "fix": {
        0: "applied and verified, undone, or nothing to do",
        1: "dry: `--apply` would write; else refused or put back, and the tree is untouched",
    },
    "explain": {0: "explained"},
    "graph": {0: "drawn"},
    "init": {0: "printed or written"},
    "vendor": {0: "copied, or up to date already"},
    "loadtest": {0: "every message arrived", 1: "something was lost"},
    "fleet": {0: "every repository was analysed", 1: "a repository failed"},
    "cache": {0: "shown or cleared"},
}
COMMON = {2: "bad usage or configuration, or nothing could be analysed", 130: "interrupted"}


def exits(command: str) -> Mapping[int, str]:
    """What each exit code of a command means."""
    return {**MEANT.get(command, {0: "done"}), **COMMON}


def epilog(command: str) -> str:
    """The last lines of a command's help."""
    return "Exit codes: " + "; ".join(f"{code} {meaning}" for code, meaning in exits(command).items()) + "."
