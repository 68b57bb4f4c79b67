"""Numbers with their nouns, as every text says them."""


def counted(number: int, noun: str, several: str | None = None) -> str:
    """`3 findings`, `1 finding`, `1,200 factories`; `several` where more of them are called otherwise."""
    return f"{number:,} {noun if number == 1 else several or plural(noun)}"


def plural(noun: str) -> str:
    """`findings`, `factories`, `classes`."""
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}{'es' if noun.endswith('s') else 's'}"
