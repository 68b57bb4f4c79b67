"""What is held against a rewritten tree, by means that are not the tool's own."""

import ast
import hashlib
import logging
from collections.abc import Iterator
from pathlib import Path

import griffe

_OURS = {".wsconsolidate", "__pycache__", ".git"}
Import = tuple[str, str, str]


def digest(root: Path) -> str:
    """Of every path, kind, mode, link and content."""
    told = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if _OURS.isdisjoint(path.relative_to(root).parts):
            content = str(path.readlink()).encode() if path.is_symlink() else b""
            content = content or (path.read_bytes() if path.is_file() else b"")
            told.update(
                f"{path.relative_to(root)} {path.lstat().st_mode} {len(content)}\n".encode() + content
            )
    return told.hexdigest()


def _top(root: Path) -> Path:
    """Where the packages of a code base are."""
    return root / "src" if (root / "src").is_dir() else root


def parsed(root: Path) -> dict[str, ast.Module]:
    """Every module that can be read, by its path."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        try:
            found[path.relative_to(root).as_posix()] = ast.parse(path.read_bytes())
        except (SyntaxError, ValueError):
            continue
    return found


def unresolved(root: Path) -> set[Import]:
    """The `from` imports of the tree's own modules that find nothing: who, from where, what."""
    trees = parsed(_top(root))
    names = {path: _names(tree) for path, tree in trees.items()}
    return {
        (path, module, name)
        for path, tree in trees.items()
        for module, name in _imports(path, tree)
        if not _finds(trees, names, module, name)
    }


def _imports(path: str, tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            parts = path.split("/")[: -node.level or None] if node.level else []
            module = "/".join([*parts, *(node.module or "").split(".")]).strip("/")
            yield from ((module, alias.name) for alias in node.names)


def _finds(trees: dict[str, ast.Module], names: dict[str, set[str]], module: str, name: str) -> bool:
    """True for what is bound there, a module below it, and whatever is not of this tree."""
    top = module.partition("/")[0]
    if not any(path.startswith((f"{top}/", f"{top}.py")) for path in trees):
        return True
    place = next((one for one in (f"{module}.py", f"{module}/__init__.py") if one in trees), None)
    if place is None:
        return f"{module}/{name}.py" in trees or f"{module}/{name}/__init__.py" in trees
    bound = names[place] & {name, "*", "__getattr__"}
    below = (f"{module}/{name}.py", f"{module}/{name}/__init__.py")
    return name == "*" or bool(bound) or any(one in trees for one in below)


def _names(tree: ast.Module) -> set[str]:
    """Every name that is bound anywhere outside of functions and classes."""
    found: set[str] = set()
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                found.add(name)
                continue
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                found.update(alias.asname or alias.name.partition(".")[0] for alias in names)
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
        waiting.extend(ast.iter_child_nodes(node))
    return found


def breakages(before: Path, after: Path) -> list[str]:
    """What griffe says that the packages of a tree do not offer any more as they did."""
    logging.getLogger("griffe").setLevel(logging.CRITICAL)
    found: list[str] = []
    for package in sorted(path.parent.name for path in _top(before).glob("*/__init__.py")):
        old, new = (_loaded(package, _top(root)) for root in (before, after))
        led, leads = _leading_out(old), _leading_out(new)
        found += [f"leads elsewhere: {one}" for one in sorted(led) if led[one] != leads.get(one, led[one])]
        found += [f"{one.kind.value}: {one.obj.path}" for one in griffe.find_breaking_changes(old, new)]
    return found


def _loaded(package: str, root: Path) -> griffe.Object | griffe.Alias:
    return griffe.load(package, search_paths=[root], allow_inspection=False, resolve_aliases=True)


def _leading_out(top: griffe.Object | griffe.Alias) -> dict[str, str]:
    """The imported names whose target griffe cannot reach, each with that target; they are taken out.

    griffe raises where it meets one in the midst of a comparison.
    """
    found: dict[str, str] = {}
    waiting = [top]
    while waiting:
        owner = waiting.pop()
        for name, member in [*owner.members.items()]:
            if not member.is_alias:
                waiting.append(member)
            elif not _is_reached(member):
                found[f"{owner.path}.{name}"] = member.target_path
                del owner.members[name]
    return found


def _is_reached(alias: griffe.Alias) -> bool:
    try:
        return alias.final_target is not None
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return False
