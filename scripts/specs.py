"""The pipeline's one command: `vendor`, `generate`, `check`. Parses arguments, calls one function, returns its code."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

# The parts stand beside this file, whatever the working directory is.
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specpipe.faults import SpecError  # noqa: E402  # after the path is set

ROOT = Path(__file__).resolve().parent.parent


def vendor(root: Path) -> int:
    """Compute the lock's entries of the vendored files anew."""
    from specpipe import lock, table, tools

    new = lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=datetime.now(UTC).date())
    (root / lock.LOCK).write_text(new.text(), "utf-8")
    for name, entry in new.sources.items():
        print(f"{name}: {entry.get('version', 'evidence')}, vendored {entry['date']}, sha256 {entry['sha256'][:12]}…")
    return 0


def generate(root: Path) -> int:
    """Bring specs/*/openapi.yaml, generated/ and the lock up to date."""
    from specpipe import pipeline

    built = pipeline.generate_all(root)
    print("\n".join(map(str, built)) or "nothing to do")
    return 0


def check(root: Path, out: Path | None) -> int:
    """Regenerate elsewhere and compare every byte."""
    from specpipe import check

    report = check.compare(root, out=out)
    print("\n".join(report.lines()), file=sys.stdout if report.clean else sys.stderr)
    return 0 if report.clean else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when something drifted or is wrong."""
    parser = argparse.ArgumentParser(prog="specs.py", description="From the vendors' pages to typed clients.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder (default: the one this is in)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("vendor", help="lock the vendored pages as they are now")
    commands.add_parser("generate", help="regenerate what is out of date")
    checks = commands.add_parser("check", help="regenerate elsewhere, compare every byte, name what drifted")
    checks.add_argument("--out", type=Path, help="keep what was regenerated in this folder")
    given = parser.parse_args(arguments)
    try:
        if given.command == "vendor":
            return vendor(given.root)
        if given.command == "generate":
            return generate(given.root)
        return check(given.root, given.out)
    except SpecError as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
