"""The entry of a bump goes below what changed and is not released yet."""

from __future__ import annotations

import pytest
from specpipe.bump.changelog import ChangelogError, add

HEAD = "# Changelog\n\n## [Unreleased]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "\n### Changed\n\n- NEW\n"),
        ("\n### Changed\n\n- b\n", "\n### Changed\n\n- b\n- NEW\n"),
        ("\n### Changed\n", "\n### Changed\n\n- NEW\n"),
        ("\n### Changed\n\n- b\n\n### Fixed\n\n- f\n", "\n### Changed\n\n- b\n- NEW\n\n### Fixed\n\n- f\n"),
        (
            "\n### Added\n\n- a\n\n### Fixed\n\n- f\n",
            "\n### Added\n\n- a\n\n### Changed\n\n- NEW\n\n### Fixed\n\n- f\n",
        ),
        ("\n## [1.0]\n\n### Changed\n\n- x\n", "\n### Changed\n\n- NEW\n\n## [1.0]\n\n### Changed\n\n- x\n"),
        ("\n### Added\n\n- a\n\n## [1.0]\n", "\n### Added\n\n- a\n\n### Changed\n\n- NEW\n\n## [1.0]\n"),
    ],
    ids=["empty", "at-its-end", "without-items", "before-the-next", "between-others", "released", "before-a-release"],
)
def test_the_entry_stands_where_keep_a_changelog_has_it(before: str, after: str) -> None:
    """Nothing else changes."""
    assert add(HEAD + before, "- NEW") == HEAD + after


def test_lines_go_on_ending_as_they_do() -> None:
    """A file from another system is not written anew."""
    text = (HEAD + "\n### Changed\n\n- b\n").replace("\n", "\r\n")
    assert add(text, "- NEW") == text + "- NEW\r\n"


def test_an_entry_of_several_lines_stays_together() -> None:
    """Items below an item, too."""
    assert add(HEAD, "- NEW\n  - more").endswith("\n### Changed\n\n- NEW\n  - more\n")


def test_a_changelog_without_a_place_is_refused() -> None:
    """It says which heading is missing."""
    with pytest.raises(ChangelogError, match=r"CHANGELOG\.md: there is no heading '## \[Unreleased\]'"):
        add("# Changelog\n\n## [1.0]\n", "- NEW")
