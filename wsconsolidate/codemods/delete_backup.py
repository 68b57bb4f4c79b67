"""Deletes backups of Python files.

A backup goes where nothing can import, run or collect it and the file that it was made of is there.
Whether git knows its content, and where it is kept until then, is for whoever applies the plan to see.
"""

import re
from collections.abc import Iterator

from wsconsolidate.codemods.codemod import Codemod, Example, Trap
from wsconsolidate.codemods.patch import Patch, refuse
from wsconsolidate.codemods.workshop import Workshop
from wsconsolidate.model.edit import Refusal
from wsconsolidate.model.finding import Finding

_CONFIGURATION = re.compile(
    r"\.(?:toml|cfg|ini|ya?ml|conf|sh)$|(?:^|/)(?:Dockerfile|Makefile|Procfile)[^/]*$"
)


def propose(finding: Finding, workshop: Workshop) -> Patch | Refusal:
    """The deletion of a backup that no configuration file names."""
    for place in _named_in(finding.path, workshop):
        return refuse(finding, f"{place} names it")
    return Patch(title=f"delete {finding.path}", deletes=(finding.path,))


def _named_in(path: str, workshop: Workshop) -> Iterator[str]:
    """The configuration files that hold the name of a module: a path or a dotted name there may load it."""
    if not path.endswith(".py"):
        return
    word = re.compile(rb"(?<!\w)%s(?!\w)" % re.escape(path.rpartition("/")[2].removesuffix(".py").encode()))
    for name in workshop.found.tree.names:
        if _CONFIGURATION.search(name) and word.search(workshop.data(name)):
            yield name


CODEMOD = Codemod(
    name="delete-backup",
    codes=("WSC106",),
    propose=propose,
    rewrites=(
        Example(
            before="""
# file: app/manager.py
LIMIT = 3
# file: app/manager.py.bak
LIMIT = 2
""",
            after="""
# file: app/manager.py
LIMIT = 3
""",
        ),
        Example(
            before="""
# file: app/manager.py
LIMIT = 3
# file: app/manager_old.py
LIMIT = 2
# file: app/routes.py
from app.manager import LIMIT
""",
            after="""
# file: app/manager.py
LIMIT = 3
# file: app/routes.py
from app.manager import LIMIT
""",
        ),
        Example(
            before="""
# file: app/manager.py
LIMIT = 3
# file: app/manager.py~
LIMIT = 2
""",
            after="""
# file: app/manager.py
LIMIT = 3
""",
        ),
    ),
    untouched=(
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: app/manager_old.py
LIMIT = 2
# file: app/routes.py
from app.manager_old import LIMIT
""",
            reason="app/routes.py:1 imports it",
        ),
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: app/manager_old.py
LIMIT = 2
# file: app/routes.py
MANAGERS = ["app.manager", "app.manager_old"]
""",
            reason="app/routes.py:1 names it",
        ),
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: app/manager_old.py
LIMIT = 2
# file: deploy/worker.yaml
command: python -m app.manager_old
""",
            reason="deploy/worker.yaml names it",
        ),
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: app/manager_old.py
if __name__ == "__main__":
    print("still run by hand")
""",
            reason="it can be run as a script",
        ),
        Trap(
            program="""
# file: app/plugins/__init__.py
import pkgutil

NAMES = [one.name for one in pkgutil.iter_modules(__path__)]
# file: app/plugins/chat.py
LIMIT = 3
# file: app/plugins/chat_old.py
LIMIT = 2
""",
            reason="app/plugins/__init__.py loads modules that it finds",
        ),
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: tests/test_manager.py
def test_limit(): ...
# file: tests/test_manager_old.py
def test_old_limit(): ...
""",
            reason="it stands among the tests",
        ),
        Trap(
            program="""
# file: app/chat.py
LIMIT = 3
# file: app/manager.py.bak
LIMIT = 2
""",
            reason="app/manager.py is not there",
        ),
        Trap(
            program="""
# file: app/manager.py
LIMIT = 3
# file: .history/app/manager_20240131.py
LIMIT = 1
""",
            reason="its name does not say",
        ),
        Trap(
            program="""
# file: app/chat.py
LIMIT = 3
# file: data/users.sqlite
# file: data/users.sqlite.bak
""",
            reason="no backup of Python source",
        ),
    ),
)
