"""Results that were told before: the same tree, options, environment and tool give the same text."""

import json
import platform
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.config import Config
from wsconsolidate.environment import Environment
from wsconsolidate.model.source import SourceFile, Tree
from wsconsolidate.store import Store, digest, source_digest


@dataclass(frozen=True, slots=True)
class Remembered:
    """The texts of a store. The bytes of every file are in the key: times on the disk are not trusted."""

    store: Store

    def text(self, key: str, environment: Environment) -> str | None:
        """What was told under this key, if the modules that it was made with are unchanged."""
        data = self.store.get([key]).get(key)
        try:
            entry = json.loads(zlib.decompress(data)) if data is not None else None
            return entry["text"] if entry and _unchanged(environment, entry["asked"]) else None
        except (zlib.error, ValueError, KeyError, TypeError, AttributeError):
            return None

    def keep(self, key: str, text: str, asked: dict[str, str]) -> None:
        """Remember what was told, and which modules of the environment it was made with."""
        self.store.put([(key, zlib.compress(json.dumps({"text": text, "asked": asked}).encode(), 1))])


def key_of(tree: Tree, config: Config, *how: object) -> str:
    """A name for everything that a text is made of, but the environment's modules."""
    return digest(*_made_of(tree, config, *how))


def _made_of(tree: Tree, config: Config, *how: object) -> Iterator[bytes]:
    yield source_digest("").encode()
    yield repr((config, platform.platform(), how)).encode()
    for file in tree.files:
        yield repr((file.path, file.module, file.is_package, file.in_tests, file.source_root)).encode()
        yield file.data
    for page in tree.pages:
        yield page.path.encode()
        yield page.data
    yield repr((tree.names, tree.problems)).encode()


def fingerprint(source: SourceFile | None) -> str:
    """What tells a module of the environment from what it may become; empty where there is none."""
    return "" if source is None else digest(source.path.encode(), source.data)


def _unchanged(environment: Environment, asked: Mapping[str, str]) -> bool:
    """True if every module that an analysis asked for is today what it was then."""
    return all(fingerprint(environment.find(name)) == known for name, known in asked.items())
