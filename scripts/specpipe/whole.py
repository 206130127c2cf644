"""The build of any OpenAPI document into a finished package, and its report. Owns the order of the steps, and the rule
that a folder changes only when the package is complete. Refuses nothing by itself.
"""

import gc
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import choice, intake, interruption, overlay, pipeline, structure
from .destination import TargetError, check_name, check_target, list_files
from .document import Document
from .faults import DocumentError, Fault, SpecError
from .placement import Placement

KINDS = ("operations", "responses", "request_bodies", "schemas", "enum_members")


class SelectionError(SpecError):
    """A selector chooses nothing."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a document declares, what the package holds of it, and what was wrong."""

    counts: dict[str, tuple[int, int]]
    repairs: dict[str, int]
    faults: tuple[Fault, ...]
    lost: tuple[str, ...]
    package: Path | None
    seconds: float
    peak_mb: float
    error: str | None = None
    """Why there was no build at all."""

    def as_json(self) -> dict[str, Any]:
        """The report as plain data."""
        return {
            **{
                kind: dict(zip(("declared", "generated"), self.counts.get(kind, (0, 0)), strict=True)) for kind in KINDS
            },
            "repairs": [{"rule": rule, "count": count} for rule, count in sorted(self.repairs.items()) if count],
            "seconds": round(self.seconds, 2),
            "peak_mb": round(self.peak_mb, 1),
            "faults": [{"pointer": fault.pointer, "problem": fault.problem} for fault in self.faults],
            "lost": list(self.lost),
            "package": None if self.package is None else str(self.package),
            "error": self.error,
        }

    def lines(self) -> Iterator[str]:
        """The report as lines to print."""
        yield f"{'':16}{'declared':>10}{'generated':>10}"
        for kind in KINDS:
            declared, generated = self.counts.get(kind, (0, 0))
            yield f"{kind.replace('_', ' '):16}{declared:>10}{generated:>10}"
        for rule, count in sorted(self.repairs.items()):
            if count:
                yield f"repaired: {rule} {count}"
        yield f"{self.seconds:.1f} s, {self.peak_mb:.0f} MB"
        yield "nothing written" if self.package is None else f"written: {self.package}"

    def problems(self) -> Iterator[str]:
        """What the document gets wrong, and what of it the package lacks."""
        for fault in self.faults:
            yield f"fault: {fault}"
        for thing in self.lost:
            yield f"lost: {thing}"


def build_whole(
    source: str,
    *,
    package: str,
    out: Path,
    selections: Sequence[str] = (),
    overlay_file: Path | None = None,
    allow_faults: bool = False,
) -> Report:
    """Write the package of the document to `out/package`, if nothing of it is lost.

    With faults of the document nothing is written either, unless they are allowed; the report names them.
    Raises SpecError when the document cannot be read, or the package cannot be written there.
    """
    start = time.perf_counter()
    check_name(package)
    problem: SpecError | None = None
    try:
        check_target(out / package)
        with _seldom_collected(), interruption.unwinding(), _workspace(out) as work:
            document, faults, repairs = _prepared(source, selections, overlay_file)
            written = pipeline.write_package(
                document, work / package, title=document["info"]["title"] or package, original=document
            )
            faults = tuple(dict.fromkeys((*faults, *written.faults)))
            is_complete = not written.lost and (allow_faults or not faults)
            if is_complete:
                list_files(work / package)
                check_target(out / package)
                Placement(work, out).put([package])
    except RecursionError:
        problem = DocumentError(f"{source}: the document nests or refers too deeply")
    except OSError as error:
        problem = TargetError(f"{error.filename or out}: {error.strerror or type(error).__name__}")
    if problem is not None:
        raise problem
    return Report(
        counts=dict(written.counts),
        repairs=dict(repairs + Counter(written.repairs)),
        faults=faults,
        lost=written.lost,
        package=out / package if is_complete else None,
        seconds=time.perf_counter() - start,
        peak_mb=_peak_mb(),
    )


def refusal(error: SpecError) -> Report:
    """The report on a build that did not take place."""
    nothing: dict[str, Any] = {"counts": {}, "repairs": {}, "faults": (), "lost": (), "package": None, "seconds": 0.0}
    return Report(**nothing, peak_mb=_peak_mb(), error=str(error))


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _prepared(
    source: str, selections: Sequence[str], overlay_file: Path | None
) -> tuple[Document, tuple[Fault, ...], Counter[str]]:
    """The document as it is to be built, sound but not repaired, its faults, and what was mended in reading it."""
    taken = intake.read(source)
    document = taken.document
    if overlay_file is not None:
        # Before the structure is looked at, so that an overlay can mend what is wrong with it.
        document = overlay.apply(document, intake.read_data(overlay_file), file=str(overlay_file))
        document = intake.checked(document, f"{taken.name} with {overlay_file} applied", taken.repairs)
    sound = structure.check(document, refused=taken.refused)
    repairs = taken.repairs + sound.repairs
    if not selections:
        return sound.document, sound.faults, repairs
    chosen = choice.choose(sound, selections, raw=document)
    for selector, near in chosen.missing.items():
        raise SelectionError(f"--select {selector!r} chooses no operation{near}")
    return chosen.document, chosen.faults, repairs


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """A build makes millions of objects and few circles: looking for those takes up to a third of its time."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def _workspace(out: Path) -> Iterator[Path]:
    """A folder beside the package, on the same file system; folders made for it go with it when nothing was written."""
    made = [folder for folder in (out, *out.parents) if not folder.exists()]
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".specs-", dir=out) as work:
            yield Path(work)
    finally:
        for folder in made:
            if folder.exists():
                if any(folder.iterdir()):
                    break
                folder.rmdir()
