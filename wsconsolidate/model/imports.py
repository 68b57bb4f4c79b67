"""What an import statement names, wherever it stands."""

from wsconsolidate.model.facts import ImportBinding


def origin(binding: ImportBinding, module: str, *, is_package: bool) -> str:
    """The absolute name of the module that an import statement of `module` names."""
    if not binding.level:
        return binding.module
    parts = module.split(".")
    up = binding.level - 1 if is_package else binding.level
    anchor = parts[: len(parts) - up] if up else parts
    return ".".join((*anchor, *filter(None, (binding.module,))))
