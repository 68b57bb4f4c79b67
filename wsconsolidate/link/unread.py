"""What the linker may ask about files of the tree that nobody has read yet."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol


class Unread(Protocol):
    """Files that are known by their bytes; what it says of them may be too much, never too little."""

    @property
    def names(self) -> Collection[str]:
        """The modules that can be read."""

    @property
    def telling(self) -> Collection[str]:
        """The paths of the files, read or not, that speak of events by name."""

    def importing(self, wanted: Collection[str]) -> Iterable[str]:
        """The modules that seem to import one of these names, each written `module.name`, or what tells."""

    def defining(self, name: str) -> Iterable[str]:
        """The modules outside of tests that seem to define a function of this name."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """Everything was read."""

    names: Collection[str] = ()
    telling: Collection[str] = ()

    def importing(self, wanted: Collection[str]) -> Iterable[str]:  # noqa: ARG002 - as the protocol
        """Nothing imports anything."""
        return ()

    def defining(self, name: str) -> Iterable[str]:  # noqa: ARG002 - as the protocol
        """Nothing is defined."""
        return ()
