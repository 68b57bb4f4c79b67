"""One file as a module: its facts under the name that it is imported by."""

from dataclasses import dataclass, field

from wsconsolidate.model.facts import FileFacts, ImportBinding
from wsconsolidate.model.source import ANYWHERE, SourceRoot


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module with its facts; `in_tree` is false for what was read only to follow a base."""

    name: str
    path: str
    is_package: bool
    in_tests: bool
    in_tree: bool
    source_root: SourceRoot = ANYWHERE
    facts: FileFacts = field(repr=False)

    @property
    def imported_as(self) -> str:
        """The name by which those around it import it."""
        return self.source_root.spelled(self.name)

    def origin(self, binding: ImportBinding) -> str:
        """The name in the program of the module that one of its import statements names."""
        if binding.level:
            return absolute(binding.module, binding.level, self.name, is_package=self.is_package)
        return self.source_root.within(binding.module)


def absolute(name: str, level: int, module: str, *, is_package: bool) -> str:
    """The absolute name of what `module` calls `name` at a level, which is 1 for one dot."""
    parts = module.split(".")
    up = level - 1 if is_package else level
    anchor = parts[: len(parts) - up] if up else parts
    return ".".join((*anchor, *filter(None, (name,))))
