"""The way from vendored pages to written packages. Owns the order of the steps and the rule that the tree changes only
when every provider succeeded; refuses pages that are not the locked ones. Knows no provider by name.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import digest
from .document import Document
from .faults import DocumentError, Fault, LockError, LossError, PageError, TableError
from .lock import LOCK, Lock, differences, read_lock
from .placement import Placement
from .table import TABLE, Provider, read_table
from .tools import check_installed, read_pins

if TYPE_CHECKING:
    from .choice import Choice
    from .extract import Fragment


@dataclass(frozen=True, kw_only=True)
class Built:
    """A written package and what was counted on the way."""

    package: str
    counts: dict[str, int]

    def __str__(self) -> str:
        return f"{self.package}: " + ", ".join(f"{number} {name}" for name, number in self.counts.items())


def published(root: Path, provider: Provider) -> Document:
    """The provider's document as its pages publish it, merged, with no word of ours."""
    from .extract import extract
    from .merge import merge

    fragments: list[Fragment] = []
    for page in provider.pages:
        name = provider.path(page)
        path = root / name
        if not path.is_file():
            raise PageError(f"{name}: missing")
        fragments += extract(path.read_bytes(), file=name)
    return merge(fragments)


def selected(provider: Provider, document: Document) -> tuple[Document, tuple[str, ...]]:
    """The wanted operations of the published document, sound, before the overlay; the selectors that choose nothing.

    Raises DocumentError for what is wrong with the wanted part.
    """
    chosen = _chosen(provider, document)
    return chosen.document, tuple(chosen.missing)


def wanted(provider: Provider, document: Document) -> Document:
    """As `selected`, where every selector has to choose something. Raises TableError for one that does not."""
    chosen = _chosen(provider, document)
    for selector, near in chosen.missing.items():
        raise TableError(f"{TABLE}: [{provider.name}] the operation {selector!r} chooses nothing{near}")
    return chosen.document


def _chosen(provider: Provider, document: Document) -> "Choice":
    from . import structure
    from .choice import choose

    chosen = choose(structure.check(document), provider.operations, raw=document)
    only = provider.path(provider.pages[0]) if len(provider.pages) == 1 else provider.published
    _stop_at(chosen.faults, only)
    return chosen


def _stop_at(faults: Iterable[Fault], name: str) -> None:
    problems = [f"{name}{fault}" for fault in faults]
    if problems:
        raise DocumentError("\n".join(problems))


def mended(root: Path, provider: Provider, document: Document) -> Document:
    """The wanted operations of the published document with the overlay applied."""
    from . import overlay, structure

    held = overlay.read(root, provider)
    sound = structure.check(overlay.apply(wanted(provider, document), held.data, file=held.file))
    # An overlay may break what was sound.
    _stop_at(sound.faults, f"{provider.published} with {provider.overlay} applied: ")
    return sound.document


@dataclass(frozen=True, kw_only=True)
class Written:
    """A package in its folder: what of the document it holds, what it lacks, and what was mended on the way."""

    counts: dict[str, tuple[int, int]]
    """By kind, how many the document declares and how many of them the package holds."""
    lost: tuple[str, ...]
    repairs: dict[str, int]
    """By rule, how many times it mended something."""
    faults: tuple[Fault, ...]
    masked: int
    """How many fields print masked."""


def write_package(document: Document, folder: Path, *, title: str, original: Document) -> Written:
    """Write the package of a structurally sound document to the folder, which must not exist.

    `original` is the document to count against, as it was before any repair.
    Raises GenerationError or FinishError when no package can be written; what it lacks is told, not raised.
    """
    from .count import count
    from .finish import finish
    from .generate import generate
    from .lower import lower
    from .repair import repair
    from .sound import Soundness, faults
    from .witness.held import Held
    from .witness.modules import modules

    document, repairs = repair(document)
    lowered = lower(document, original=original)
    generated = generate(lowered, folder)
    finished = finish(folder, document, generated.models, title=title, lowered=lowered)
    package, soundness = Held(), Soundness(folder)
    for module in modules(folder):
        package.add(module)
        soundness.add(module)
    counts = count(original, folder, faults=lowered.faults, package=package)
    return Written(
        counts=counts.kinds,
        lost=(*generated.problems, *counts.lost, *faults(folder, soundness=soundness)),
        repairs=dict(sorted((repairs | lowered.repairs).items())),
        faults=lowered.faults,
        masked=finished.masked,
    )


def build(document: Document, folder: Path, *, title: str) -> Built:
    """Write the package of a provider's document to the folder, which must not exist: validated, complete.

    Raises SpecError where the document is not valid or anything of it would be lost.
    """
    from .validate import validate

    validate(document, name=folder.name)
    written = write_package(document, folder, title=title, original=document)
    if written.faults:
        raise DocumentError("\n".join(f"{folder.name}{fault}" for fault in written.faults))
    if written.lost:
        raise LossError(f"{folder.name} lacks what the document holds: {'; '.join(written.lost)}")
    held = {kind: generated for kind, (_, generated) in written.counts.items()}
    return Built(package=folder.name, counts={**held, "masked_fields": written.masked, **written.repairs})


def produce(root: Path, out: Path, providers: Iterable[Provider]) -> tuple[Built, ...]:
    """Write all that the pipeline writes, the lock aside, below `out` as it would stand below `root`."""
    from . import yamlio

    built = []
    (out / digest.GENERATED).mkdir(parents=True)
    for provider in providers:
        document = published(root, provider)
        path = out / provider.published
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(yamlio.dump(document), "utf-8")
        folder = out / digest.GENERATED / provider.package
        built.append(build(mended(root, provider, document), folder, title=provider.title))
    return tuple(built)


def new_lock(root: Path, out: Path, providers: Iterable[Provider], lock: Lock, pins: dict[str, str]) -> Lock:
    """The lock with the digests of the inputs at `root` and the outputs at `out`."""
    table = tuple(providers)
    return replace(lock, tools=pins, inputs=digest.inputs(root, table, pins), outputs=digest.outputs(out, table))


def generate_all(root: Path) -> tuple[Built, ...]:
    """Bring the tree at `root` up to date; empty when it already is.

    Raises SpecError, and leaves the tree as it was, when anything is wrong for any provider.
    """
    providers, pins, lock = read_table(root), read_pins(root), read_lock(root)
    check_installed(pins)
    changed = differences(root, providers, lock)
    if changed:
        raise LockError("\n".join(changed))
    if lock == new_lock(root, root, providers, lock, pins):
        return ()
    with workspace(root) as work:
        built = produce(root, work, providers)
        (work / LOCK).write_text(new_lock(root, work, providers, lock, pins).text(), "utf-8")
        names = [digest.GENERATED, *(provider.published for provider in providers), LOCK]
        Placement(work, root).put(names)
    return built


@contextmanager
def workspace(root: Path) -> Iterator[Path]:
    """A folder below the root, so that moving into place is a rename on one file system; gone in the end."""
    work = Path(tempfile.mkdtemp(prefix=".specs-", dir=root))
    try:
        yield work
    finally:
        _remove(work)


def _remove(folder: Path) -> None:
    """Remove the folder, also where a copy of a folder that cannot be written to is in it."""
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
