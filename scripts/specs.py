"""The pipeline's one command: vendor, generate, check, build. Parses arguments, calls a function, returns its code."""

import argparse
import json
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


def build(given: argparse.Namespace) -> int:
    """Build the package of any document; 0 when it is complete."""
    from specpipe import whole

    try:
        report = whole.build_whole(
            given.document,
            package=given.package,
            out=given.out,
            selections=given.select,
            overlay_file=given.overlay,
            allow_faults=given.allow_faults,
        )
    except SpecError as error:
        if given.json:
            print(json.dumps(whole.refusal(error).as_json(), indent=1))
        raise
    for problem in report.problems():
        print(_printable(problem), file=sys.stderr)
    print(json.dumps(report.as_json(), indent=1) if given.json else "\n".join(report.lines()))
    return 1 if report.package is None else 0


def _printable(text: str) -> str:
    """The text without what a terminal would obey; a document may name its paths and schemas in any characters."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _add_build_arguments(builds: argparse.ArgumentParser) -> None:
    builds.add_argument("document", metavar="DOCUMENT", help="a path or an http(s) address; JSON or YAML")
    builds.add_argument("--package", required=True, metavar="NAME", help="the package's name, as it is imported")
    builds.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder that the package goes to")
    builds.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="SELECTOR",
        help="only these operations: 'GET /path', an operationId, tag:NAME, or a path glob such as '/v1/users/**'; "
        "repeatable, commas between several",
    )
    builds.add_argument(
        "--overlay", type=Path, metavar="FILE", help="an OpenAPI Overlay to apply to the document first"
    )
    builds.add_argument("--allow-faults", action="store_true", help="build what is left of a document that is wrong")
    builds.add_argument("--json", action="store_true", help="print the report as JSON")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when something drifted or is wrong."""
    parser = argparse.ArgumentParser(prog="specs.py", description="From OpenAPI documents to typed clients.")
    parser.add_argument("--root", type=Path, default=ROOT, help="the project's folder (default: the one this is in)")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("vendor", help="lock the vendored pages as they are now")
    commands.add_parser("generate", help="regenerate what is out of date")
    checks = commands.add_parser("check", help="regenerate elsewhere, compare every byte, name what drifted")
    checks.add_argument("--out", type=Path, help="keep what was regenerated in this folder")
    _add_build_arguments(
        commands.add_parser("build", help="build a complete, typed package of any OpenAPI 3.0 or 3.1 document")
    )
    given = parser.parse_args(arguments)
    try:
        if given.command == "vendor":
            return vendor(given.root)
        if given.command == "generate":
            return generate(given.root)
        if given.command == "build":
            return build(given)
        return check(given.root, given.out)
    except SpecError as error:
        print(f"{type(error).__name__}: " + "\n".join(map(_printable, str(error).split("\n"))), file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
