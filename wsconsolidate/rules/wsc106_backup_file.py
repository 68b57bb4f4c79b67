"""A backup of source code lies in the tree.

*Why it matters*: searches, reviews and language models find the old code and take it for the new; one day
somebody repairs the backup. Version control already keeps what was.

*What to do instead*: delete it. If it holds something that the current file lost, bring that back first.

*Limits*: backups are known by their names (`*.bak`, `*.orig`, `*.old`, `*.backup*`, `*~`, `*_old.py`,
`*_backup.py`, `.history/`). A module whose name ends in `_old` or `_backup` counts only if the module
without it is there too, and no other module names it: what is imported is in use.
"""

from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Finding, Rule, Severity


def check(found: Analysis) -> Iterator[Finding]:
    """Each backup file."""
    for path in found.backup_files:
        message = f"{path} is a backup file; version control keeps it"
        yield Finding(message=message, path=path, line=1, symbol=path)


RULE = Rule(
    code="WSC106",
    name="backup-file",
    severity=Severity.NOTE,
    since="0.1.0",
    doc=__doc__,
    check=check,
    bad=(
        """
# file: app/manager.py
class ConnectionManager:
    pass

# file: app/manager.py.bak
class ConnectionManager:  # expect: WSC106
    old = True

# file: app/manager_old.py
class ConnectionManager:  # expect: WSC106
    older = True

# file: app/manager.py~
class ConnectionManager:  # expect: WSC106
    oldest = True
""",
    ),
    good=(
        """
# file: app/database_backup.py
# trap: a module about backups
def back_up() -> None:
    pass

# file: app/loader.py
# trap: the old one is still in use
from app import loader_old

# file: app/loader_old.py
STRICT = False

# file: app/threshold.py
# trap: a name that ends in old
LIMIT = 3
""",
    ),
)
