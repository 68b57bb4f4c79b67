"""The documentation page of each rule, made from the rule itself.

After a change of a rule, write the pages of the repository anew:

    python -m wsconsolidate.rules.pages
"""

from collections.abc import Mapping
from pathlib import Path

from wsconsolidate.model.rule import Rule
from wsconsolidate.rules.registry import RULES

FOLDER = Path("docs/rules")
INDEX = "index.md"
FAMILIES = {
    "0": "The tool's own comments",
    "1": "One source of truth",
    "2": "Critical events",
    "3": "Inheritance",
    "4": "Many users",
    "5": "Integration",
}


def page(rule: Rule) -> str:
    """The page of one rule as Markdown."""
    return "\n\n".join(
        (
            f"# {rule.code} {rule.name}",
            f"Severity: {rule.severity}. Since {rule.since}.",
            rule.doc.strip(),
            "## Found",
            *map(_program, rule.bad),
            "## Not found",
            *map(_program, rule.good),
            f"Suppress one with `# wsconsolidate: ignore[{rule.code}] -- reason`.\n",
        )
    )


def _program(example: str) -> str:
    return f"```python\n{example.strip()}\n```"


def index(rules: tuple[Rule, ...] = RULES) -> str:
    """The list of all rules by family as Markdown."""
    sections = (
        _family(title, [rule for rule in rules if rule.code[3] == key]) for key, title in FAMILIES.items()
    )
    return "\n\n".join(("# Rules", *(section for section in sections if section))) + "\n"


def _family(title: str, rules: list[Rule]) -> str:
    rows = [
        f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {rule.summary} |"
        for rule in rules
    ]
    head = (f"## {title}\n", "| code | name | severity | what is wrong |", "|---|---|---|---|")
    return "\n".join((*head, *rows)) if rules else ""


def pages() -> Mapping[str, str]:
    """The text of every page by its file name."""
    return {INDEX: index(), **{f"{rule.code}.md": page(rule) for rule in RULES}}


def write(folder: Path) -> None:
    """Write every page into the folder, and delete the pages of rules that are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    written = pages()
    for stale in set(folder.glob("*.md")) - {folder / name for name in written}:
        stale.unlink()
    for name, text in written.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(FOLDER)
