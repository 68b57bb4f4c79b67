"""A backup of source code lies in the tree.

*Why it matters*: searches, reviews and language models find the old code and take it for the new; one day
somebody repairs the backup. Version control already keeps what was.

*What to do instead*: delete it. If it holds something that the current file lost, bring that back first.

*Limits*: backups are known by their names (`*.bak`, `*.orig`, `*.old`, `*.backup*`, `*~`, `*_old.py`,
`*_backup.py`, `.history/`). A module whose name ends in `_old` or `_backup` counts only if the module
without it is there too; where others still name it, `fix` leaves it and says who.
"""

import re
from collections.abc import Iterator

from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.backup import original
from wsconsolidate.model.facts import ImportBinding
from wsconsolidate.model.finding import Applicability, Finding, Severity
from wsconsolidate.model.module import Module
from wsconsolidate.model.rule import Rule
from wsconsolidate.model.search import Search, whether

_LOADER = Search(
    pattern=rb"\b(?:iter_modules|walk_packages|import_module|i?glob|r?glob|listdir|scandir|iterdir)\(",
    words=(b"_modules(", b"_packages(", b"_module(", b"glob(", b"dir("),
    places=False,
)


def check(found: Analysis) -> Iterator[Finding]:
    """Each backup file."""
    for path in found.backup_files:
        message = f"{path} is a backup file; version control keeps it"
        reason = _unproved(path, found.tree.names) or _reachable(path, found)
        yield Finding(
            message=message,
            path=path,
            line=1,
            symbol=path,
            fix=Applicability.DISPLAY if reason else Applicability.SAFE,
            fix_reason=reason,
        )


def _unproved(path: str, names: tuple[str, ...]) -> str:
    """Why it may be the only copy of something; empty if it is not."""
    before = original(path)
    if before is None:
        return "its name does not say which file it was made of"
    if not before.endswith(".py"):
        return "it is no backup of Python source"
    return "" if before in names else f"{before} is not there: it may be the only copy"


def _reachable(path: str, found: Analysis) -> str:
    """Who may still use a backup that is a module itself; empty if nobody can."""
    if not path.endswith(".py"):
        return ""
    module = found.program.files.get(path)
    if module is None:
        return "it was not analysed"
    if module.in_tests:
        return "it stands among the tests: a runner may collect it"
    return _mentioned(module, found) or _loaded(path, found)


def _mentioned(module: Module, found: Analysis) -> str:
    """The first place outside of the module that holds its last name, in an import or in a string."""
    name = module.name.rpartition(".")[2].encode()
    word = Search(pattern=rb"(?<!\w)%s(?!\w)" % re.escape(name), words=(name,))
    for path, ((line, _), *_) in found.tree.search(word).items():
        if path != module.path:
            verb = "imports" if _imports(found.program.files.get(path), line, module.name) else "names"
            return f"{path}:{line} {verb} it"
    return ""


def _imports(importer: Module | None, line: int, name: str) -> bool:
    for scope in importer.facts.scopes if importer else ():
        for binding in scope.bindings:
            if isinstance(binding, ImportBinding) and binding.line == line and importer:
                source = importer.origin(binding)
                if name in (source, f"{source}.{binding.attribute}"):
                    return True
    return False


def _loaded(path: str, found: Analysis) -> str:
    """What may find the module without its name: itself as a script, or a package that lists its folder."""
    folder = path.rpartition("/")[0]
    scripts, loading = found.tree.search(whether(("__main__",))), found.tree.search(_LOADER)
    for file in found.tree.files:
        if file.path == path and path in scripts:
            return "it can be run as a script"
        beside = file.path.rpartition("/")[0]
        if f"{folder}/".startswith(f"{beside}/") and file.path != path and file.path in loading:
            return f"{file.path} loads modules that it finds"
    return ""


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

# file: app/threshold.py
# trap: a name that ends in old
LIMIT = 3
""",
    ),
)
