"""The report on a bump of each provider is the one that a person would write: reports/ holds, by case, what a vendor
changed as a patch of the vendored pages, and what a person wrote of it.

The patches leave the version alone, which changes with every bump; a bump to pages that a patch no longer fits renews
the patch and its report.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from specpipe.bump.steps import StepError
from specpipe.diff import rendering

from tests.specpipe.bump.bumping import Told, run, untouched

REPORTS = Path(__file__).parent / "reports"
NEWER = "1000000.0"


def _changed_pages(root: Path, provider: str, case: str, folder: Path) -> Path:
    """A folder with the provider's pages as the vendor changed them."""
    shutil.copytree(root / "specs" / provider, folder, ignore=shutil.ignore_patterns("*.yaml", "*.txt"))
    subprocess.run(["git", "apply", str(REPORTS / f"{case}.patch")], cwd=folder, check=True)
    for page in folder.iterdir():
        page.write_text(re.sub(r"(?m)^  version: .*$", f"  version: {NEWER}", page.read_text("utf-8")), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("case", "provider", "step"),
    [
        # A field renamed, one required, one gone from replies, one new; a role more; an overlay action stale.
        ("galileo", "galileo", "overlay"),
        # A field required, one with a pattern, one new; a response declared that the overlay declares too.
        ("fireblocks", "fireblocks", "overlay"),
        # An operation gone and another come; a field gone, and one with a bound, of a schema that is sent and read.
        ("fireworks", "fireworks", "select"),
        ("calm", "galileo", None),
    ],
    ids=["galileo", "fireblocks", "fireworks", "nothing-breaks"],
)
def test_the_report_is_the_one_that_a_person_would_write(
    own_tree: Path, tmp_path: Path, case: str, provider: str, step: str | None
) -> None:
    """Word by word; where the bump cannot go on, the report is given all the same and nothing is touched."""
    told, pages = Told(), _changed_pages(own_tree, provider, case, tmp_path / "pages")
    if step is None:
        assert run(own_tree, provider, pages, told=told)
    else:
        with untouched(own_tree), pytest.raises(StepError) as caught:
            run(own_tree, provider, pages, told=told)
        assert caught.value.step == step
    written = (REPORTS / f"{case}.md").read_text("utf-8")
    assert rendering.markdown(told.report) == written.replace("OLD", told.report.old.version).replace("NEW", NEWER)
