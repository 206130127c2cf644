"""A new version of a provider's pages, from their source to a tree that is ready to commit. Owns the order of the
steps, and the rule that the tree is exactly as before when one of them fails; refuses to begin in a tree that is not
clean, or beside another bump.

Everything is made in a workspace. The tree is touched by two steps alone (`trial`): what was made is moved into place,
and the tests run on it.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .. import pipeline
from ..diff.report import Report
from ..faults import LockError, SpecError
from ..lock import read_lock
from ..table import TABLE, Provider, find_row, read_table
from ..taking import Taken, take
from ..tools import check_installed, read_pins
from . import changelog, comparison, stage, tree
from .trial import Trial

_TAKE_BACK = "take it back with `git restore . && git clean -fd specs generated`"
_HINT = (
    "A field that is new to the vendor must be known to the adapter, its simulator and the tests first: "
    "mend them on the new tree, which --keep (make: KEEP=1) leaves in place"
)


class StepError(SpecError):
    """A step of a bump failed, and the tree is as it was before, unless it says otherwise."""

    def __init__(self, step: str, problem: str) -> None:
        super().__init__(f"{step}: {problem}")
        self.step = step


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is asked of a bump.

    Attributes:
        provider: the row of the table.
        sources: paths, folders or addresses; empty: the addresses of the row.
        overlay: a file that takes the place of the provider's overlay.
        accept: what is taken all the same, of `EXCEPTIONS`.
        tests: the command that tests the new tree.
        is_kept: whether the new tree stays when the tests fail, so that the facade can be mended on it.
    """

    provider: str
    sources: tuple[str, ...] = ()
    overlay: Path | None = None
    accept: tuple[str, ...] = ()
    tests: tuple[str, ...]
    is_kept: bool = False


def bump(root: Path, wish: Wish, *, today: date, say: Callable[[str], None], tell: Callable[[Report], None]) -> bool:
    """Take the new version; False where there is none, as every byte is what is vendored already.

    `say` is given a line for each step, `tell` the report as soon as there is one, also when a later step fails.
    Raises StepError, which names the step; the tree is then as it was, unless the message says otherwise.
    """
    with _step("tree"), tree.alone(root):
        provider = _prepared(root, wish)
        with _step("take"):
            taken = _taken(provider, wish.sources)
        say(f"taken: {', '.join(page.place for page in taken)}")
        with pipeline.workspace(root) as work:
            with _step("vendor"):
                staged = stage.prepare(root, work, provider, taken, overlay=wish.overlay, accept=wish.accept)
            if staged is None:
                return False
            with _step("compare"):
                report, hindrance = comparison.compare(root, staged, today=today)
            tell(report)
            if hindrance is not None:
                raise StepError(hindrance.step, hindrance.problem)
            say(f"generated: {provider.package}")
            with _step("changelog"):
                changelog.enter(work, report, provider.package)
            with _step("place"):
                tree.check_clean(root)
            _try(root, work, wish, say)
    return True


def _prepared(root: Path, wish: Wish) -> Provider:
    """The row of the provider, in a tree that a bump can begin in."""
    tree.check_clean(root)
    stage.check_links(root)
    provider = find_row(read_table(root), wish.provider)
    _check_generated(root)
    changelog.check(root)
    return provider


def _try(root: Path, work: Path, wish: Wish, say: Callable[[str], None]) -> None:
    trial = Trial(work, root)
    with trial:
        with _step("place"):
            trial.place(stage.PLACED)
        say(f"tests: {' '.join(wish.tests)}")
        with _step("tests"):
            problem = trial.test(wish.tests)
        if not problem or wish.is_kept:
            trial.keep()
    if problem:
        hint = f"The new tree is kept: mend it, or {_TAKE_BACK}" if wish.is_kept else _HINT
        raise StepError("tests", " ".join((f"{problem}.", hint, *trial.remarks)))


def _taken(provider: Provider, sources: tuple[str, ...]) -> tuple[Taken, ...]:
    if not sources and not provider.urls:
        raise LockError(
            f"{TABLE}: [{provider.name}] has no address to look at for a new version; give SPEC, a path or an address, "
            "or write `url` beside each of its pages"
        )
    return take(sources or provider.urls)


def _check_generated(root: Path) -> None:
    """A tree that is not up to date would have its own drift in the report."""
    pins = read_pins(root)
    check_installed(pins)
    providers, held = read_table(root), read_lock(root)
    if held != pipeline.new_lock(root, root, providers, held, pins):
        raise LockError("generated/ is not up to date; run `make generate` and commit it first")


@contextmanager
def _step(name: str) -> Iterator[None]:
    """Give an error of the pipeline, or of the system, the name of the step."""
    problem: StepError | None = None
    try:
        yield
    except StepError:
        raise
    except SpecError as error:
        problem = StepError(name, str(error))
    except OSError as error:
        problem = StepError(name, f"{error.filename or 'the system'}: {error.strerror or type(error).__name__}")
    if problem is not None:
        raise problem
