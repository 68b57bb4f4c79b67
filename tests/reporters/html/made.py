"""Pages to look at: of a tree, and of a program with very many classes."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from wsconsolidate.config import Overrides
from wsconsolidate.model.analysis import Analysis
from wsconsolidate.model.finding import Applicability
from wsconsolidate.model.program import Class, ClassId
from wsconsolidate.pipeline.analyze import examine_tree
from wsconsolidate.pipeline.fixes import fixes
from wsconsolidate.pipeline.prepare import prepare
from wsconsolidate.report.build import build
from wsconsolidate.report.exhibits import exhibits
from wsconsolidate.reporters.options import Options
from wsconsolidate.reporters.to_html import render

VIEWS = (
    "overview",
    "flow",
    "events",
    "classes",
    "duplicates",
    "actions",
    "findings",
    "lineage",
    "text",
    "unseen",
)
"""The views of the page."""


def of_tree(tree: Path) -> str:
    """The page that `report --html` writes."""
    ground = prepare([tree], Overrides())
    report = examine_tree(ground.tree, ground.config)
    planned = fixes(report, ground.root, ground.config.vendor, least=Applicability.UNSAFE)
    return render(report, Options(sections=True, fixes=planned, exhibits=exhibits(report)))


def of_many(analysis: Analysis, number: int, with_role: int) -> str:
    """A page with so many classes, copies of those of a small program; the first of them have roles."""
    report = build(multiplied(analysis, number, with_role), (), ())
    return render(report, Options(sections=True, all_classes=True, exhibits=exhibits(report)))


def multiplied(analysis: Analysis, number: int, with_role: int) -> Analysis:
    """The analysis of a program in which each class of a role stands again and again."""
    cast = [analysis.program.classes[where] for where in analysis.casts]
    copies = {one.id: (cast[index % len(cast)].id, one) for index, one in enumerate(_copies(cast, number))}
    players = list(copies.items())[:with_role]
    return replace(
        analysis,
        program=replace(analysis.program, classes={id: one for id, (_, one) in copies.items()}),
        casts={id: analysis.casts[origin] for id, (origin, _) in players},
        coverage={id: found for id, (origin, _) in players if (found := analysis.coverage.get(origin))},
        verdicts={
            id: analysis.verdicts[origin] for id, (origin, _) in players if origin in analysis.verdicts
        },
        ssot={},
        groups=(),
        divergences=(),
        features=(),
    )


def _copies(cast: list[Class], number: int) -> list[Class]:
    return [_copy(cast[index % len(cast)], index) for index in range(number)]


def _copy(one: Class, index: int) -> Class:
    name, path = f"{one.name}{index}", f"app/part{index // 100:04}/{one.path.rpartition('/')[2]}"
    return replace(
        one,
        id=ClassId(path, index + 1),
        name=name,
        qualname=f"{one.module}.{name}",
        end_line=index + 20,
        mro=replace(one.mro, names=(f"{one.module}.{name}", *one.mro.names[1:])),
    )


def written(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder
