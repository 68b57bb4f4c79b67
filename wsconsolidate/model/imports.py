"""What an import statement names, wherever it stands."""

from wsconsolidate.model.facts import ImportBinding


def origin(binding: ImportBinding, module: str, *, is_package: bool) -> str:
    """The absolute name of the module that an import statement of `module` names."""
    return absolute(binding.module, binding.level, module, is_package=is_package)


def absolute(name: str, level: int, module: str, *, is_package: bool) -> str:
    """The absolute name of what `module` calls `name` at a level, 0 for a name that is absolute."""
    if not level:
        return name
    parts = module.split(".")
    up = level - 1 if is_package else level
    anchor = parts[: len(parts) - up] if up else parts
    return ".".join((*anchor, *filter(None, (name,))))
