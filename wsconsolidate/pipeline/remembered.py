"""Results that were told before: the same tree, options, environment and tool give the same text."""

import platform
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from wsconsolidate.config import Config
from wsconsolidate.environment import Environment
from wsconsolidate.model.source import SourceFile, Tree
from wsconsolidate.pipeline.trace import Prints, Trace, filled, packed, unpacked
from wsconsolidate.store import Store, digest, facts_key, source_digest


@dataclass(frozen=True, slots=True)
class Remembered:
    """The texts of a store, each with its trace. Bytes are compared: times on the disk are not trusted."""

    store: Store

    def text(
        self,
        tree: Tree,
        config: Config,
        prints: Prints,
        environment: Environment,
        whole: bool | None,
        *how: object,
    ) -> str | None:
        """What was told of this tree, or of one that differs in nothing that was asked about.

        The modules of the environment that it was made with must be unchanged. `whole` and `how` are what
        `keep` was given.
        """
        trace = self._trace(key_of(tree, config, whole, *how))
        if trace is None or not _unchanged(environment, trace.asked):
            return None
        if trace.prints == prints:
            return filled(trace.text, *trace.of_then)
        from wsconsolidate.pipeline.retold import Retold

        return Retold(tree=tree, config=config, prints=prints, whole=whole, store=self.store).text(trace)

    def _trace(self, key: str) -> Trace | None:
        data = self.store.get([key]).get(key)
        try:
            return None if data is None else unpacked(data)
        except (zlib.error, ValueError, TypeError):
            return None

    def keep(self, trace: Trace, tree: Tree, config: Config, *how: object) -> None:
        """Remember what was told, and all that it was made from."""
        self.store.put([(key_of(tree, config, *how), packed(trace))])


def prints_of(tree: Tree) -> dict[str, str]:
    """The key of the facts of every file, by its path."""
    return {file.path: facts_key(file.data) for file in tree.files}


def key_of(tree: Tree, config: Config, *how: object) -> str:
    """A name for everything that a text is made of, but the files' bytes and the environment's modules."""
    return digest(*_made_of(tree, config, *how))


def _made_of(tree: Tree, config: Config, *how: object) -> Iterator[bytes]:
    yield source_digest("").encode()
    yield repr((config, platform.platform(), how)).encode()
    for file in tree.files:
        yield repr(file).encode()  # all but its bytes
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
