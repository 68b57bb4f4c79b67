"""Small programs through the real stages: text with `# file:` marks -> files -> Program."""

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import PurePosixPath

from wsconsolidate.environment import running_environment
from wsconsolidate.extract.extract import extract
from wsconsolidate.link.conditions import Interpreter
from wsconsolidate.link.lineage import Lineage
from wsconsolidate.link.link import link
from wsconsolidate.link.names import Names
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.module import Module
from wsconsolidate.model.program import Class, Program

HERE = Interpreter((sys.version_info.major, sys.version_info.minor), sys.platform)
MARK = "# file: "


def files(text: str) -> dict[str, str]:
    """The files of a program: what follows each `# file: path`, or all of it as main.py.

    Line numbers are those of the file, the mark's line not counted.
    """
    if not text.startswith(MARK):
        return {"main.py": text}
    found = (part.partition("\n") for part in text.split(MARK)[1:])
    return {path.strip(): source for path, _, source in found}


def titled(text: str) -> dict[str, str]:
    """The programs of a table: what follows each `=== title`, up to the next or to a `########` heading."""
    parts = (part.partition("\n") for part in text.split("=== ")[1:])
    return {title: program.partition("\n########")[0] + "\n" for title, _, program in parts}


def facts_of(source: str | bytes, *, bodies: bool = True) -> FileFacts:
    """The facts of one file that can be read."""
    data = source.encode() if isinstance(source, str) else source
    found = extract("main.py", data, bodies=bodies)
    assert isinstance(found, FileFacts), found
    return found


def module(path: str, facts: FileFacts) -> Module:
    """A module of the tree; what is below a folder called tests is in the tests."""
    pure = PurePosixPath(path)
    is_package = pure.name == "__init__.py"
    parts = pure.parent.parts if is_package else pure.with_suffix("").parts
    return Module(
        name=".".join(parts),
        path=path,
        is_package=is_package,
        in_tests="tests" in pure.parts,
        in_tree=True,
        facts=facts,
    )


def modules(program: str | Mapping[str, str], *, bodies: bool = True) -> list[Module]:
    """The modules of a program."""
    parts = files(program) if isinstance(program, str) else program
    return [module(path, facts_of(source, bodies=bodies)) for path, source in parts.items()]


@cache
def installed(name: str) -> Module | None:
    """A module of the running interpreter's environment, without the bodies of its functions."""
    source = running_environment().find(name)
    facts = extract(source.path, source.data, bodies=False) if source else None
    if source is None or not isinstance(facts, FileFacts):
        return None
    return Module(
        name=name, path=source.path, is_package=source.is_package, in_tests=False, in_tree=False, facts=facts
    )


def linked(program: str | Mapping[str, str], target: Interpreter = HERE) -> Program:
    """The program, linked in the environment of the running interpreter."""
    return link(modules(program), installed, target)


def names_of(program: str | Mapping[str, str], target: Interpreter = HERE) -> Names:
    """The names of a program, as the first step of linking it."""
    return Names(modules(program), installed, target)


def lineage_of(program: str | Mapping[str, str], target: Interpreter = HERE) -> Lineage:
    """The orders of a program's classes."""
    return Lineage(names_of(program, target))


def only(program: Program, name: str) -> Class:
    """The one class of this full or last name."""
    (found,) = program.named(name)
    return found
