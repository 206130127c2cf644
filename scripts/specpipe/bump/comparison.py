"""What a bump changes, on every level, and the generated tree if there can be one. Owns which documents are compared:
those the vendor published, with the wanted operations alone. Refuses nothing: what stands in the way of a new tree is
told beside the report, since whoever has to mend it needs both.
"""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from .. import digest, lock, overlay, pipeline
from ..diff import callers
from ..diff.levels import Side, compare_documents, compare_packages
from ..diff.report import Report
from ..document import Document
from ..faults import SpecError
from ..table import Provider, read_table
from ..tools import read_pins
from .stage import Staged


@dataclass(frozen=True, kw_only=True)
class Hindrance:
    """The step that cannot be taken, and why."""

    step: str
    problem: str


def compare(root: Path, staged: Staged, *, today: date) -> tuple[Report, Hindrance | None]:
    """The report on the staged tree, which is generated on the way unless there is a hindrance."""
    row = staged.after
    compared = compare_documents(
        _side(staged.before, staged.old),
        _side(row, staged.new),
        name=row.title,
        overlay=overlay.read(staged.tree, row),
    )
    report = replace(compared.report, remarks=staged.remarks)
    hindrance = _hindrance(report, row)
    package = staged.tree / digest.GENERATED / row.package
    try:
        if hindrance is None:
            _generate(staged.tree, today)
        else:
            # Without what no longer fits, so that the report can say what of the package would change besides.
            package.parent.mkdir(exist_ok=True)
            pipeline.build(compared.new, package, title=row.title)
    except SpecError as error:
        said = f"the Python package: {error}"
        return replace(report, not_compared=(said,)), hindrance or Hindrance(step="generate", problem=str(error))
    calls = callers.facade_calls(root, row.name, row.package)
    before = root / digest.GENERATED / row.package
    return compare_packages(compared, report, before, package, calls=calls), hindrance


def _side(row: Provider, published: Document) -> Side:
    selected, gone = pipeline.selected(row, published)
    source = ", ".join(page.file for page in row.pages)
    return Side(source=source, published=published, selected=selected, gone=gone)


def _hindrance(report: Report, row: Provider) -> Hindrance | None:
    if report.gone:
        return Hindrance(
            step="select",
            problem=f"the new document does not hold {', '.join(report.gone)}; if the vendor removed it, take it out "
            f"of `operations` of [{row.name}] and out of the facade first",
        )
    if report.overlay:
        indexes = ", ".join(str(action.index) for action in report.overlay)
        return Hindrance(
            step="overlay",
            problem=f"{row.overlay} no longer fits (action {indexes}); mend a copy of it and give it with --overlay "
            "(make: OVERLAY=)",
        )
    return None


def _generate(tree: Path, today: date) -> None:
    (tree / lock.LOCK).write_text(
        lock.vendor(tree, read_table(tree), tools=read_pins(tree), today=today).text(), "utf-8"
    )
    pipeline.generate_all(tree)
