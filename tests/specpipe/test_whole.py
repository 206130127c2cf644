"""Any document becomes a complete package, or nothing changes and the report says why."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from specpipe import pipeline, whole, yamlio
from specpipe.destination import WRITTEN, TargetError
from specpipe.document import Document
from specpipe.faults import DocumentError, Fault, OverlayError, PageError

from tests.specpipe.documents import PROJECT, pets, snapshot

KEYS = ["operations", "responses", "request_bodies", "schemas", "enum_members", "repairs", "seconds", "peak_mb"]


def _write(folder: Path, document: Any, name: str = "api.yaml") -> str:
    path = folder / name
    path.write_text(yamlio.dump(document), "utf-8")
    return str(path)


def _faulty() -> Document:
    document = pets()
    document["components"]["schemas"]["Pet"]["properties"]["kind"] = {"$ref": "#/components/schemas/Missing"}
    return document


@pytest.fixture
def build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., whole.Report]:
    """The build with a stand-in for what writes the package, which is tested elsewhere."""

    def write(document: Document, folder: Path, *, title: str, original: Document) -> pipeline.Written:
        folder.mkdir()
        (folder / "api.py").write_text(f"{title} {list(original['paths'])}\n", "utf-8")
        return pipeline.Written(
            counts=dict.fromkeys(whole.KINDS, (2, 2)), lost=(), repairs={"names": 2, "nothing": 0}, faults=(), masked=0
        )

    monkeypatch.setattr(pipeline, "write_package", write)

    def call(document: Any = None, **options: Any) -> whole.Report:
        source = _write(tmp_path, pets() if document is None else document)
        return whole.build_whole(source, **{"package": "pets_client", "out": tmp_path / "out", **options})

    return call


def _run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(PROJECT / "scripts/specs.py"), "build", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_document_becomes_a_package(tmp_path: Path) -> None:
    """By the command; building again changes no byte, and the package can be imported."""
    arguments = (_write(tmp_path, pets()), "--package", "pets_client", "--out", tmp_path / "new/out", "--json")
    done = _run(*arguments)
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert list(report)[: len(KEYS)] == KEYS
    assert report["operations"] == {"declared": 2, "generated": 2}
    assert report["responses"]["declared"] == report["responses"]["generated"]
    assert report["package"] == str(tmp_path / "new/out/pets_client")
    assert list(report) == [*KEYS, "faults", "lost", "package", "error"]
    assert report["error"] is None
    assert report["repairs"] == sorted(report["repairs"], key=lambda entry: entry["rule"])
    before = snapshot(tmp_path)
    assert _run(*arguments).returncode == 0
    assert snapshot(tmp_path) == before
    script = "import pets_client; from pets_client.models import Pet; print(pets_client.Client.__name__)"
    imported = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path / "new/out", capture_output=True, text=True, check=False
    )
    assert imported.stdout == "Client\n", imported.stderr
    assert _run(*arguments).returncode == 0


def test_a_fault_is_named_and_nothing_written(tmp_path: Path) -> None:
    """Unless faults are allowed: then the rest is built, and the fault still named."""
    arguments = (_write(tmp_path, _faulty()), "--package", "pets_client", "--out", tmp_path / "new/out", "--json")
    before = snapshot(tmp_path)
    done = _run(*arguments)
    problem = "the reference '#/components/schemas/Missing' leads nowhere"
    fault = {"pointer": "#/components/schemas/Pet/properties/kind/$ref", "problem": problem}
    assert (done.returncode, done.stderr) == (1, f"fault: {fault['pointer']}: {problem}\n")
    assert json.loads(done.stdout)["faults"] == [fault]
    assert json.loads(done.stdout)["package"] is None
    assert snapshot(tmp_path) == before
    assert not (tmp_path / "new").exists()
    allowed = _run(*arguments, "--allow-faults")
    assert (allowed.returncode, allowed.stderr) == (0, done.stderr)
    assert json.loads(allowed.stdout)["faults"] == [fault]
    assert (tmp_path / "new/out/pets_client/py.typed").is_file()


def test_an_error_is_one_line_and_a_report_of_nothing(tmp_path: Path) -> None:
    """Code 1; what is to be read as JSON has the same keys, with nothing declared, and the error."""
    (tmp_path / "api.json").write_text('{"swagger": "2.0"}', "utf-8")
    done = _run(tmp_path / "api.json", "--package", "pets_client", "--out", tmp_path / "out", "--json")
    report = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, f"specs.py: {report['error']}\n")
    assert report["error"].startswith(f"{tmp_path / 'api.json'}: this is Swagger 2.0")
    assert list(report) == [*KEYS, "faults", "lost", "package", "error"]
    assert (report["package"], report["operations"]) == (None, {"declared": 0, "generated": 0})
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "out").exists()


def test_the_report_is_readable_without_json(build: Callable[..., whole.Report]) -> None:
    """A table, and what was mended."""
    lines = list(build().lines())
    assert lines[0].split() == ["declared", "generated"]
    assert lines[1].split() == ["operations", "2", "2"]
    assert "repaired: names 2" in lines
    assert not any("nothing 0" in line for line in lines)
    assert lines[-1].startswith("written: ")


def test_what_is_lost_is_named_and_nothing_written(
    build: Callable[..., whole.Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even where faults are allowed."""
    write = pipeline.write_package

    def lossy(*given: Any, **options: Any) -> pipeline.Written:
        return pipeline.Written(**{**vars(write(*given, **options)), "lost": ("operation GET /a",)})

    monkeypatch.setattr(pipeline, "write_package", lossy)
    report = build(allow_faults=True)
    assert list(report.problems()) == ["lost: operation GET /a"]
    assert (report.package, report.as_json()["lost"]) == (None, ["operation GET /a"])
    assert not (tmp_path / "out").exists()


def test_faults_of_every_step_are_told(build: Callable[..., whole.Report], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each once."""
    write = pipeline.write_package
    late = Fault(pointer="#/paths", problem="late")

    def faulty(*given: Any, **options: Any) -> pipeline.Written:
        return pipeline.Written(**{**vars(write(*given, **options)), "faults": (late, late)})

    monkeypatch.setattr(pipeline, "write_package", faulty)
    report = build(_faulty())
    assert [fault.pointer for fault in report.faults] == [
        "#/components/schemas/Pet/properties/kind/$ref",
        "#/paths",
    ]
    assert report.package is None


def test_faults_of_what_is_not_chosen_do_not_count(build: Callable[..., whole.Report], tmp_path: Path) -> None:
    """The chosen operation does not reach the component."""
    assert build(_faulty(), selections=["PUT /pets/{pet_id}"]).package is None
    report = build(_faulty(), selections=["Pets_GetPet"])
    assert (report.faults, report.package) == ((), tmp_path / "out/pets_client")
    left_over = _faulty()
    left_over["paths"]["/other"] = {"get": 1, "put": {"responses": {"200": 1}}}
    left_over["paths"]["/bad\n"] = {"get": {"responses": {}}}
    assert build(left_over, selections=["Pets_GetPet"]).faults == ()


def test_an_overlay_mends_what_is_wrong(build: Callable[..., whole.Report], tmp_path: Path) -> None:
    """It is applied before anything is called a fault."""
    action = {
        "target": "$.components.schemas",
        "update": {"Missing": {"type": "string"}},
        "x-reason": "The page forgets it.",
        "x-source": "A test.",
    }
    overlay = {"overlay": "1.1.0", "actions": [action]}
    path = Path(_write(tmp_path, overlay, "overlay.yaml"))
    assert build(_faulty(), overlay_file=path).faults == ()
    path.write_text(yamlio.dump({**overlay, "actions": [{**action, "target": "$.nothing"}]}), "utf-8")
    with pytest.raises(OverlayError, match=r"overlay\.yaml: action 0 \(\$\.nothing\): hits 0 nodes"):
        build(overlay_file=path)


@pytest.mark.parametrize(
    ("action", "problem"),
    [
        pytest.param({"target": "$.openapi", "remove": True}, "it has no `openapi`", id="removed"),
        pytest.param({"target": "$", "update": {"openapi": 5}}, "OpenAPI '5' is neither 3.0 nor 3.1", id="a number"),
        pytest.param({"target": "$", "update": {"openapi": "2.0"}}, "OpenAPI '2.0' is neither", id="another"),
    ],
)
def test_an_overlay_cannot_take_the_version_away(
    build: Callable[..., whole.Report], tmp_path: Path, action: dict[str, Any], problem: str
) -> None:
    """What comes out of it has to be an OpenAPI document as well."""
    overlay = {"overlay": "1.1.0", "actions": [{**action, "x-reason": "None.", "x-source": "A test."}]}
    path = Path(_write(tmp_path, overlay, "overlay.yaml"))
    with pytest.raises(PageError, match=rf"api\.yaml with .*overlay\.yaml applied: .*{re.escape(problem)}"):
        build(overlay_file=path)


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("my-client", "is not a name that Python can import"),
        ("", "is not a name"),
        ("1a", "is not a name"),
        ("a.b", "is not a name"),
        ("../a", "is not a name"),
        ("möbel", "is not a name"),
        ("class", "is a word of Python"),
        ("json", "would hide the package"),
        ("httpx", "would hide the package"),
        ("attr", "would hide the package"),
        ("h11", "would hide the package"),
        ("typing_extensions", "would hide the package"),
        ("a" * 101, "is longer than 100 characters"),
        ("__init__", "begins like the names"),
    ],
)
def test_a_name_that_cannot_be_imported_is_refused(build: Callable[..., whole.Report], name: str, problem: str) -> None:
    """Before anything is read."""
    with pytest.raises(TargetError, match=f"^--package '{name}' {problem}"):
        build(package=name)


def _text(path: Path) -> None:
    path.write_text("mine\n", "utf-8")


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        pytest.param(lambda target: _text(target / "mine.py"), "mine.py was added after", id="added"),
        pytest.param(lambda target: _text(target / "api.py"), "api.py was changed after", id="changed"),
        pytest.param(lambda target: (target / "api.py").chmod(0o600), None, id="another mode"),
        pytest.param(lambda target: (target / "link").symlink_to("api.py"), "link was added after", id="link"),
        pytest.param(lambda target: (target / "api.py").unlink(), None, id="removed"),
        pytest.param(lambda target: (target / WRITTEN).unlink(), "was not written by this command", id="no list"),
        pytest.param(lambda target: _text(target / WRITTEN), "was not written by this command", id="broken list"),
        pytest.param(
            lambda target: (target / WRITTEN).write_text("{}", "utf-8"), "was not written by", id="other list"
        ),
        pytest.param(lambda target: (target / "__pycache__").mkdir(), None, id="caches"),
    ],
)
def test_only_what_the_command_wrote_is_replaced(
    build: Callable[..., whole.Report], tmp_path: Path, spoil: Callable[[Path], object], problem: str | None
) -> None:
    """What else is there is somebody's work, and stays to the byte."""
    build()
    spoil(tmp_path / "out/pets_client")
    before = snapshot(tmp_path)
    if problem is None:
        assert build().package is not None
        return
    with pytest.raises(TargetError, match=problem):
        build()
    assert snapshot(tmp_path) == before


@pytest.mark.parametrize("make", [_text, Path.mkdir, lambda path: path.symlink_to(".")], ids=["file", "folder", "link"])
def test_what_stands_in_the_way_stays(
    build: Callable[..., whole.Report], tmp_path: Path, make: Callable[[Path], object]
) -> None:
    """A file, a folder of something else, a link."""
    (tmp_path / "out").mkdir()
    make(tmp_path / "out/pets_client")
    with pytest.raises(TargetError, match="out/pets_client: "):
        build()
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["pets_client"]


def test_an_error_on_the_way_leaves_no_trace(
    build: Callable[..., whole.Report], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The package that was there stays, and folders that were made go again."""
    build()
    before = snapshot(tmp_path)

    def fail(error: Exception) -> Callable[..., None]:
        def write(document: Document, folder: Path, **options: Any) -> None:
            folder.mkdir()
            raise error

        return write

    for error, told in ((OSError(28, "No space left"), TargetError), (RecursionError(), DocumentError)):
        monkeypatch.setattr(pipeline, "write_package", fail(error))
        for out in ("out", "new/deep"):
            with pytest.raises(told):
                build(out=tmp_path / out)
    assert snapshot(tmp_path) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["api.yaml", "out"]


def test_an_out_of_a_name_that_no_file_can_have_is_named(build: Callable[..., whole.Report], tmp_path: Path) -> None:
    """No traceback."""
    with pytest.raises(TargetError, match="File name too long"):
        build(out=tmp_path / ("a" * 300))


# Whoever starts the tests may have signals ignored, and a child inherits that.
WAITING = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, signal.SIG_DFL)
signal.signal(signal.SIGHUP, signal.SIG_DFL)
sys.path.insert(0, sys.argv.pop(1))
import specs
from specpipe import pipeline

def write_package(document, folder, **options):
    folder.mkdir()
    print("here", flush=True)
    time.sleep(60)

pipeline.write_package = write_package
sys.exit(specs.main(sys.argv[1:]))
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP], ids=lambda number: str(number.name))
def test_a_build_that_is_told_to_end_leaves_no_trace(tmp_path: Path, number: signal.Signals) -> None:
    """Not even the folder that it made."""
    source = _write(tmp_path, pets())
    arguments = ["build", source, "--package", "pets_client", "--out", str(tmp_path / "new/out")]
    command = [sys.executable, "-c", WAITING, str(PROJECT / "scripts"), *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "here\n"
        running.send_signal(number)
        code = running.wait(timeout=30)
    assert code == 128 + number
    assert [path.name for path in tmp_path.iterdir()] == ["api.yaml"]


def test_handlers_of_signals_are_as_they_were(
    build: Callable[..., whole.Report], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind a build, and all the time where the caller has a handler or the build runs in a thread."""
    seen: list[Any] = []
    write = pipeline.write_package

    def watched(*given: Any, **options: Any) -> pipeline.Written:
        seen.append(signal.getsignal(signal.SIGTERM))
        return write(*given, **options)

    monkeypatch.setattr(pipeline, "write_package", watched)
    build()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    thread = threading.Thread(target=build)
    thread.start()
    thread.join()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    try:
        build()
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
    assert callable(seen[0])
    assert seen[1:] == [signal.SIG_DFL, signal.SIG_IGN]


def test_what_a_terminal_would_obey_is_not_printed(tmp_path: Path) -> None:
    """A fault names a path of the document in its own characters."""
    document = {**pets(), "paths": {"/a\x1b[2J": {"get": {}}}}
    done = _run(_write(tmp_path, document), "--package", "pets_client", "--out", tmp_path / "out")
    assert (done.returncode, "\x1b" in done.stderr) == (1, False)
    assert done.stderr.startswith(r"fault: #/paths/~1a\x1b[2J: the path holds a control character")


def test_an_out_that_is_a_file_is_named(build: Callable[..., whole.Report], tmp_path: Path) -> None:
    """No traceback."""
    _text(tmp_path / "out")
    with pytest.raises(TargetError, match="out"):
        build()
