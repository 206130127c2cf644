"""The pipeline's one command: vendor, generate, check, build, diff, bump, providers. Parses arguments, calls a
function, returns its code.
"""

import argparse
import io
import json
import shlex
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

# The parts stand beside this file, whatever the working directory is.
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.dont_write_bytecode = True

from specpipe.bump import EXCEPTIONS  # noqa: E402  # after the path is set
from specpipe.faults import SpecError  # noqa: E402  # after the path is set
from specpipe.printing import printable  # noqa: E402  # after the path is set

ROOT = Path(__file__).resolve().parent.parent


def vendor(root: Path) -> int:
    """Compute the lock's entries of the vendored files anew."""
    from specpipe import lock, table, tools

    new = lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=datetime.now(UTC).date())
    (root / lock.LOCK).write_text(new.text(), "utf-8")
    for name, entry in new.sources.items():
        said = f"{name}: {entry.get('version', 'evidence')}, vendored {entry['date']}, sha256 {entry['sha256'][:12]}…"
        print(printable(said))
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
        print(printable(problem), file=sys.stderr)
    print(json.dumps(report.as_json(), indent=1) if given.json else "\n".join(report.lines()))
    return 1 if report.package is None else 0


def diff(given: argparse.Namespace) -> int:
    """Report what changed between two documents; 1 where something breaks, 2 where they cannot be compared."""
    from specpipe.diff import documents, rendering
    from specpipe.table import find_row, read_table

    row = None if given.provider is None else find_row(read_table(given.root), given.provider)
    try:
        report = documents.compare(given.old, given.new, root=given.root, provider=row, selections=given.select)
    except SpecError as error:
        _complain(error)
        return 2
    print(rendering.FORMATS[given.format](report), end="")
    return 1 if report.breaks else 0


def bump(given: argparse.Namespace) -> int:
    """Take a new version of a provider's pages; 3 where there is none."""
    from specpipe import interruption
    from specpipe.bump import steps
    from specpipe.diff import rendering
    from specpipe.diff.report import Report

    def tell(report: Report) -> None:
        print(rendering.FORMATS[given.format](report), end="", flush=True)
        if given.report is not None:
            given.report.write_text(rendering.markdown(report), "utf-8")

    _check_bump(given)
    wish = steps.Wish(
        provider=given.provider,
        sources=tuple(given.source),
        overlay=given.overlay,
        accept=tuple(given.accept),
        tests=tuple(shlex.split(given.tests)),
        is_kept=given.keep,
    )
    today = datetime.now(UTC).date()
    with interruption.unwinding():
        is_new = steps.bump(given.root, wish, today=today, say=_say, tell=tell)
    _say(f"{given.provider}: ready to commit" if is_new else f"{given.provider}: nothing new, every byte is vendored")
    return 0 if is_new else 3


def _check_bump(given: argparse.Namespace) -> None:
    """Raises SpecError for what would only come to light when the work is done."""
    if given.report is not None and given.report.resolve().is_relative_to(given.root.resolve()):
        raise SpecError(f"{given.report}: a report in the tree would make it dirty; give a path outside of it")
    if given.report is not None and (given.report.is_dir() or not given.report.resolve().parent.is_dir()):
        raise SpecError(f"{given.report}: no file can be written there")
    problem = ""
    try:
        problem = "" if shlex.split(given.tests) else "it is empty"
    except ValueError as error:
        problem = str(error)
    if problem:
        raise SpecError(f"--tests {given.tests!r}: this is no command: {problem}")


def providers(root: Path, *, as_json: bool) -> int:
    """List the providers, and the addresses where new versions of their pages are looked for."""
    from specpipe import table

    rows = table.read_table(root)
    if as_json:
        print(json.dumps([{"name": row.name, "title": row.title, "urls": row.urls} for row in rows]))
        return 0
    for row in rows:
        print(printable(f"{row.name}: {', '.join(row.urls) or 'no address is known'}"))
    return 0


def _say(line: str) -> None:
    print(printable(line), file=sys.stderr, flush=True)


def _complain(error: SpecError) -> None:
    print("specs.py: " + "\n".join(map(printable, str(error).split("\n"))), file=sys.stderr)


def _add_build_arguments(builds: argparse.ArgumentParser) -> None:
    builds.add_argument("document", metavar="DOCUMENT", help="a path or an http(s) address; JSON or YAML")
    builds.add_argument("--package", required=True, metavar="NAME", help="the package's name, as it is imported")
    builds.add_argument("--out", required=True, type=Path, metavar="DIR", help="the folder that the package goes to")
    _add_selection(builds)
    builds.add_argument(
        "--overlay", type=Path, metavar="FILE", help="an OpenAPI Overlay to apply to the document first"
    )
    builds.add_argument("--allow-faults", action="store_true", help="build what is left of a document that is wrong")
    builds.add_argument("--json", action="store_true", help="print the report as JSON")


def _add_diff_arguments(diffs: argparse.ArgumentParser) -> None:
    source = "a document, a page or a folder of pages; a path or an http(s) address"
    diffs.add_argument("old", metavar="OLD", help=source)
    diffs.add_argument("new", metavar="NEW", help=source)
    diffs.add_argument("--provider", metavar="NAME", help="with the operations, the overlay and the facade of this row")
    _add_selection(diffs)
    _add_format(diffs)


def _add_bump_arguments(bumps: argparse.ArgumentParser) -> None:
    bumps.add_argument("provider", metavar="PROVIDER", help="a row of specs/providers.toml")
    bumps.add_argument(
        "source",
        nargs="*",
        metavar="SOURCE",
        help="new pages or documents: paths, folders, http(s) addresses; none: the addresses of the row",
    )
    bumps.add_argument("--overlay", type=Path, metavar="FILE", help="the overlay that the new version needs")
    bumps.add_argument(
        "--accept", action="append", default=[], choices=EXCEPTIONS, help="take it all the same; repeatable"
    )
    bumps.add_argument(
        "--tests", default="make check test", metavar="COMMAND", help="what tests the new tree (default: %(default)s)"
    )
    bumps.add_argument("--keep", action="store_true", help="keep the new tree when the tests fail, to mend it there")
    bumps.add_argument("--report", type=Path, metavar="FILE", help="write the report there, as Markdown")
    _add_format(bumps)


def _add_selection(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--select",
        action="append",
        default=[],
        metavar="SELECTOR",
        help="only these operations: 'GET /path', an operationId, tag:NAME, or a path glob such as '/v1/users/**'; "
        "repeatable, commas between several",
    )


def _add_format(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--format", choices=("text", "json", "markdown"), default="text", help="of the report (default: %(default)s)"
    )


def _parser() -> argparse.ArgumentParser:
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
    _add_diff_arguments(commands.add_parser("diff", help="report what changed between two documents; 1 if it breaks"))
    _add_bump_arguments(commands.add_parser("bump", help="take a new version of a provider's pages, or none of it"))
    lists = commands.add_parser("providers", help="list the providers and the addresses of their pages")
    lists.add_argument("--json", action="store_true", help="as JSON")
    return parser


def _run(given: argparse.Namespace) -> int:
    match given.command:
        case "vendor":
            return vendor(given.root)
        case "generate":
            return generate(given.root)
        case "check":
            return check(given.root, given.out)
        case "build":
            return build(given)
        case "diff":
            return diff(given)
        case "bump":
            return bump(given)
        case _:
            return providers(given.root, as_json=given.json)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 when all is well, 1 when something drifted, broke or is wrong."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A report has arrows in it, and what a vendor writes; a narrow terminal gets escapes.
            stream.reconfigure(errors="backslashreplace")
    try:
        return _run(_parser().parse_args(arguments))
    except SpecError as error:
        _complain(error)
        return 1
    except KeyboardInterrupt as stop:
        print("\n".join(("interrupted", *map(printable, getattr(stop, "__notes__", ())))), file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
