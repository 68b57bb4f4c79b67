"""What an import statement names, wherever it stands."""


def absolute(name: str, level: int, module: str, *, is_package: bool) -> str:
    """The absolute name of what `module` calls `name` at a level, which is 1 for one dot."""
    parts = module.split(".")
    up = level - 1 if is_package else level
    anchor = parts[: len(parts) - up] if up else parts
    return ".".join((*anchor, *filter(None, (name,))))
