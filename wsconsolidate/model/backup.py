"""Which file a backup is a backup of, as far as their names tell."""

import re

_SUFFIX = re.compile(r"(?:\.(?:bak|orig|old)\d*|\.backup[^/]*|~)$")
_INFIX = re.compile(r"_(?:old|backup|bak)\.py$")


def original(backup: str) -> str | None:
    """The path that a backup was made of (`a/b.py.bak` of `a/b.py`), None where its name does not say.

    Files in an editor's `.history/` have names of the editor's own.
    """
    if backup.startswith(".history/") or "/.history/" in backup:
        return None
    if _INFIX.search(backup):
        return _INFIX.sub(".py", backup)
    found = _SUFFIX.sub("", backup)
    return found if found != backup else None
