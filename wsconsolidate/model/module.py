"""One file as a module: its facts under the name that it is imported by."""

from dataclasses import dataclass, field

from wsconsolidate.model.facts import FileFacts, ImportBinding


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """One module with its facts; `in_tree` is false for what was read only to follow a base."""

    name: str
    path: str
    is_package: bool
    in_tests: bool
    in_tree: bool
    facts: FileFacts = field(repr=False)

    @property
    def root(self) -> str:
        """The folder that it is imported from, relative to the tree's; empty for that itself."""
        parts = self.path.removesuffix("/__init__.py").removesuffix(".py").split("/")
        return "/".join(parts[: -len(self.name.split("."))])

    def origin(self, binding: ImportBinding) -> str:
        """The absolute name of the module that one of its import statements names."""
        return absolute(binding.module, binding.level, self.name, is_package=self.is_package)


def absolute(name: str, level: int, module: str, *, is_package: bool) -> str:
    """The absolute name of what `module` calls `name` at a level, 0 for a name that is absolute."""
    if not level:
        return name
    parts = module.split(".")
    up = level - 1 if is_package else level
    anchor = parts[: len(parts) - up] if up else parts
    return ".".join((*anchor, *filter(None, (name,))))
