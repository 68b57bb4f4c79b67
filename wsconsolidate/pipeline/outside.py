"""The modules of the environment that an analysis asks for."""

from dataclasses import replace

from wsconsolidate.environment import Environment
from wsconsolidate.model.facts import FileFacts
from wsconsolidate.model.module import Module
from wsconsolidate.model.source import Problem
from wsconsolidate.pipeline.far import module_of
from wsconsolidate.pipeline.reading import Reader
from wsconsolidate.pipeline.remembered import fingerprint


class Outside:
    """Reads modules of the environment, and notes which were asked for."""

    def __init__(self, environment: Environment, read: Reader) -> None:
        self._environment = environment
        self._read = read

    def module(self, name: str) -> Module | None:
        """The module in outline; None if it is not there or cannot be read."""
        source = self._environment.find(name)
        self._read.asked[name] = fingerprint(source)
        facts = self._read(source.path, source.data, bodies=False) if source else None
        if source is None or facts is None or isinstance(facts, Problem):
            return None
        return replace(module_of(source, facts), in_tree=False)

    def with_bodies(self, module: Module) -> Module:
        """The module, read again with the bodies of its functions."""
        source = self._environment.find(module.name)
        facts = self._read(source.path, source.data, bodies=True) if source else None
        return replace(module, facts=facts) if isinstance(facts, FileFacts) else module
