"""The reference's one command: `write` makes overlay/docs/reference from the docstrings and the command's help, `check`
tells whether what is committed equals it. Owns what of issuant is public, and the folder; refuses nothing else.
"""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

# The parts stand beside this file, whatever the working directory is.
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from refpages.command import PAGE, command_page, command_places  # noqa: E402  # after the path is set
from refpages.rendering import contents, pages  # noqa: E402  # after the path is set
from refpages.surface import Plan, Surface  # noqa: E402  # after the path is set

ROOT = Path(__file__).resolve().parent.parent
FOLDER = Path("overlay") / "docs" / "reference"
INDEX = "README.md"
PLAN = Plan(
    folder=ROOT / "overlay",
    modules=("issuant", "issuant.auth", "issuant.mocks", "issuant.mocks.loopback", "issuant.sinks"),
    families=("issuant.providers",),
    foreign=("httpx",),
    inner=("issuant.flow", "issuant.transport"),
    unlisted="Adapter",
)


def made() -> dict[str, str]:
    """Return the text of every page, by its file name."""
    from issuant.cli.root import root
    from issuant.providers import find_provider, provider_names

    surface = Surface(PLAN)
    vendors = {option.choices for name in provider_names() for option in find_provider(name).options if option.choices}
    found = pages(surface) | {PAGE: command_page(root, "issuant", vendors=vendors)}
    return found | {INDEX: contents(surface, command_places(root, "issuant"))}


def differences(texts: Mapping[str, str], folder: Path) -> list[str]:
    """Return, in a line each, where a folder is not what was made."""
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    lines = [f"{name} is missing" for name in sorted(texts.keys() - there.keys())]
    lines += [f"{name} is no page of the reference" for name in sorted(there.keys() - texts.keys())]
    both = sorted(texts.keys() & there.keys())
    return lines + [f"{name} is out of date" for name in both if texts[name].encode() != there[name]]


def write(texts: Mapping[str, str], folder: Path) -> None:
    """Make a folder hold the pages and nothing else."""
    folder.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(folder).as_posix() not in texts:
            path.unlink()
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())


def main(words: Sequence[str]) -> int:
    """Run `write` or `check` and return the exit code; with another folder as a second word, there."""
    task, *rest = words or ("",)
    if task not in ("write", "check") or len(rest) > 1:
        print("usage: reference.py write|check [FOLDER]", file=sys.stderr)
        return 2
    folder = Path(rest[0]) if rest else ROOT / FOLDER
    texts = made()
    if task == "write":
        write(texts, folder)
        return 0
    found = differences(texts, folder)
    if found:
        print(f"{folder}: run `make docs`", *found, sep="\n  ", file=sys.stderr)
        return 1
    print(f"the reference: {len(texts)} pages, as committed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
