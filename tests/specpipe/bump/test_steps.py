"""A bump leaves a tree that is ready to commit, or the tree exactly as it was, and says at which step it stopped."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from specpipe import check, lock, pipeline, table, tools, yamlio
from specpipe.bump.steps import StepError
from specpipe.bump.tree import uncommitted

from tests.specpipe.bump.bumping import DAY, Told, run, untouched
from tests.specpipe.bump.repositories import commit
from tests.specpipe.documents import OVERLAY, PROJECT, page, pets

Change = Callable[[dict[str, Any]], object]


def _newer(change: Change | None = None, version: str = "1.3.0") -> dict[str, Any]:
    document = pets()
    document["info"]["version"] = version
    if change is not None:
        change(document)
    return document


def _page(folder: Path, document: dict[str, Any], name: str = "put-pet.md") -> Path:
    path = folder / name
    path.write_text(page(document), "utf-8")
    return path


def _add_field(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Pet"]["properties"]["nick"] = {"type": "string"}


def _regenerate(root: Path) -> None:
    """Lock the pages anew, bring the tree up to date and commit it."""
    new = lock.vendor(root, table.read_table(root), tools=tools.read_pins(root), today=DAY)
    (root / lock.LOCK).write_text(new.text(), "utf-8")
    pipeline.generate_all(root)
    commit(root)


def test_a_bump_leaves_a_tree_that_is_ready_to_commit(tree: Path, tmp_path: Path) -> None:
    """The page, the lock, the document, the package and the changelog, and nothing else; what is committed is whole."""
    told = Told()
    assert run(tree, "pets", _page(tmp_path, _newer(_add_field)), told=told) is True
    assert sorted(uncommitted(tree)) == [
        "CHANGELOG.md",
        "generated/pets_client/models/pet.py",
        "generated/pets_client/models/pet_input.py",
        "generated/pets_client/openapi.yaml",
        "specs/pets/openapi.yaml",
        "specs/pets/put-pet.md",
        "specs/specs.lock",
    ]
    assert check.compare(tree, today=DAY).clean
    assert "1.3.0" in (tree / "specs/specs.lock").read_text("utf-8")
    assert (
        (tree / "CHANGELOG.md")
        .read_text("utf-8")
        .endswith(
            "\n### Changed\n\n- `pets_client` is generated from version 1.3.0 of the vendor's document (was 1.2.3). "
            "Nothing that changed breaks a caller.\n"
        )
    )
    assert told.lines[0] == f"taken: {tmp_path / 'put-pet.md'}"
    assert not told.report.breaks
    commit(tree)
    assert run(tree, "pets", tree / "specs/pets/put-pet.md", told=Told()) is False


def test_what_is_vendored_already_is_nothing_new(tree: Path, tmp_path: Path) -> None:
    """Nothing is touched, and nothing reported."""
    told = Told()
    with untouched(tree):
        assert run(tree, "pets", _page(tmp_path, pets()), told=told) is False
    assert told.reports == []


def test_the_tests_run_on_the_new_tree(tree: Path, tmp_path: Path) -> None:
    """In its folder."""
    script = "import pathlib, sys; sys.exit('1.3.0' not in pathlib.Path('specs/pets/openapi.yaml').read_text())"
    assert run(tree, "pets", _page(tmp_path, _newer()), told=Told(), tests=(sys.executable, "-c", script))


def _without_get(document: dict[str, Any]) -> None:
    del document["paths"]["/pets/{pet_id}"]["get"]


def _named_server(document: dict[str, Any]) -> None:
    document["servers"][0]["x-name"] = "production"


def _without_an_end(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Pet"]["properties"]["name"] = {"type": "no type at all"}


_CARS = {
    "openapi": "3.1.0",
    "info": {"title": "Cars", "version": "2"},
    "servers": [{"url": "https://cars.example"}],
    "paths": {"/cars": {"get": {"responses": {"200": {"description": "Cars."}}}}},
}
_FAIL = (sys.executable, "-c", "raise SystemExit(7)")


@pytest.mark.parametrize(
    ("step", "said", "text", "wish"),
    [
        ("take", "cannot be read|there is no such file", None, {}),
        ("take", "looks cut off", page(_newer())[:900], {}),
        ("take", "this is a login page", "<!DOCTYPE html><form><input type=password>Sign in</form>", {}),
        ("take", "there is no fenced OpenAPI block", "# Nothing here\n", {}),
        ("vendor", "older than the vendored 1.2.3", page(_newer(version="1.2.2")), {}),
        ("vendor", "its bytes are others", page(_newer(_add_field, version="1.2.3")), {}),
        (
            "vendor",
            "this is another API: 'Cars' at cars.example",
            page(_CARS, info="yaml get /cars"),
            {},
        ),
        ("vendor", "keys would go there", page(_newer(lambda d: d.update(servers=[{"url": "https://x.example"}]))), {}),
        ("select", "does not hold GET /pets/{pet_id}", page(_newer(_without_get)), {}),
        ("overlay", "no longer fits (action 0)", page(_newer(_named_server)), {}),
        ("generate", "is not valid under any of the given schemas", page(_newer(_without_an_end)), {}),
        ("tests", "ended with 7. A field that is new to the vendor", page(_newer()), {"tests": _FAIL}),
        ("tests", "/no/such/command cannot be run", page(_newer()), {"tests": ("/no/such/command",)}),
    ],
    ids=[
        "no-file", "half-written", "login-page", "no-block", "older", "same-version", "another-api", "another-server",
        "operation-gone", "overlay-stale", "invalid", "tests-fail", "tests-cannot-run",
    ],
)  # fmt: skip
def test_a_step_that_fails_leaves_no_trace_and_is_named(
    tree: Path, tmp_path: Path, step: str, said: str, text: str | None, wish: dict[str, Any]
) -> None:
    """Every byte, mode and time of the tree is as it was."""
    new = tmp_path / "put-pet.md"
    if text is not None:
        new.write_text(text, "utf-8")
    with untouched(tree), pytest.raises(StepError) as caught:
        run(tree, "pets", new, told=Told(), **wish)
    assert caught.value.step == step
    assert any(part in str(caught.value) for part in said.split("|"))
    assert str(caught.value).startswith(f"{step}: ")


def test_a_changelog_without_a_place_stops_before_anything_is_made(tree: Path, tmp_path: Path) -> None:
    """Not after minutes of work."""
    (tree / "CHANGELOG.md").write_text("# Changelog\n", "utf-8")
    commit(tree)
    with untouched(tree), pytest.raises(StepError, match=r"^tree: .*no heading"):
        run(tree, "pets", _page(tmp_path, _newer()), told=Told())
    (tree / "CHANGELOG.md").unlink()
    commit(tree)
    with untouched(tree), pytest.raises(StepError, match=r"^tree: .*no such file"):
        run(tree, "pets", _page(tmp_path, _newer()), told=Told())


@pytest.mark.parametrize("nth", range(1, 9))
def test_a_stop_between_any_two_moves_leaves_no_trace(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nth: int
) -> None:
    """Ctrl-C while things are put into place: four are put away and four put there."""
    rename, count = Path.rename, 0

    def stop(self: Path, target: Path) -> Path:
        nonlocal count
        count += self.is_relative_to(tree) and ".specs-" in f"{self}{target}" and "pets_client" not in str(self)
        if count == nth:
            count += 1
            raise KeyboardInterrupt
        return rename(self, target)

    def patch(*_: object) -> None:
        monkeypatch.setattr(Path, "rename", stop)

    # From the first move into the tree on: the pipeline moves things inside the workspace before.
    monkeypatch.setattr("specpipe.bump.changelog.enter", lambda *_: patch())
    with untouched(tree), pytest.raises(KeyboardInterrupt):
        run(tree, "pets", _page(tmp_path, _newer()), told=Told())


def test_a_dirty_tree_is_refused_before_anything_is_looked_at(tree: Path) -> None:
    """Not even the source."""
    (tree / "CHANGELOG.md").write_text("mine", "utf-8")
    with untouched(tree), pytest.raises(StepError, match=r"^tree: .* not committed: CHANGELOG.md"):
        run(tree, "pets", "/no/such/page.md", told=Told())


def test_a_tree_that_is_not_generated_is_refused(tree: Path, tmp_path: Path) -> None:
    """Its drift would be in the report."""
    (tree / "generated/pets_client/py.typed").unlink()
    commit(tree)
    with untouched(tree), pytest.raises(StepError, match=r"^tree: generated/ is not up to date; run `make generate`"):
        run(tree, "pets", _page(tmp_path, _newer()), told=Told())


def test_an_unknown_provider_is_refused_by_the_known_ones(tree: Path) -> None:
    """Before anything else of it is looked at."""
    with untouched(tree), pytest.raises(StepError, match=r"^tree: .*there is no \[cats\]; there are pets"):
        run(tree, "cats", told=Told())


@pytest.mark.parametrize(
    ("accept", "document"),
    [
        ("older", _newer(version="1.0")),
        ("same-version", _newer(_add_field, version="1.2.3")),
        ("new-server", _newer(lambda d: d.update(servers=[{"url": "https://x.example"}]))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_meant_is_taken_and_said_plainly(
    tree: Path, tmp_path: Path, accept: str, document: dict[str, Any]
) -> None:
    """The report begins with it."""
    told = Told()
    assert run(tree, "pets", _page(tmp_path, document), told=told, accept=(accept,))
    assert len(told.report.remarks) == 1


def test_a_stale_overlay_is_mended_with_a_new_one(tree: Path, tmp_path: Path) -> None:
    """Which becomes the overlay in the same bump."""
    new = _page(tmp_path, _newer(_named_server))
    overlay = tmp_path / "mended.yaml"
    actions = [{**OVERLAY["actions"][0], "update": {"x-new": True}}]
    overlay.write_text(yamlio.dump({**OVERLAY, "actions": actions}), "utf-8")
    told = Told()
    with untouched(tree), pytest.raises(StepError, match=r"^overlay: "):
        run(tree, "pets", new, told=told)
    assert [action.index for action in told.report.overlay or ()] == [0]
    assert run(tree, "pets", new, told=Told(), overlay=overlay)
    assert (tree / "overlay/specs/pets.overlay.yaml").read_text("utf-8") == overlay.read_text("utf-8")
    assert check.compare(tree, today=DAY).clean


def test_the_new_tree_is_kept_where_it_is_wanted(tree: Path, tmp_path: Path) -> None:
    """The tests failed all the same, and that is said."""
    failing = (sys.executable, "-c", "raise SystemExit(1)")
    with pytest.raises(StepError, match=r"^tests: .* The new tree is kept"):
        run(tree, "pets", _page(tmp_path, _newer()), told=Told(), tests=failing, is_kept=True)
    assert check.compare(tree, today=DAY).clean
    assert "specs/pets/put-pet.md" in uncommitted(tree)


def test_a_whole_document_takes_the_place_of_the_pages(tree: Path, tmp_path: Path) -> None:
    """The table follows, its other rows and comments stay, and the page is gone."""
    (tree / "specs/providers.toml").write_text(
        "# A comment.\n\n" + (tree / "specs/providers.toml").read_text("utf-8"), "utf-8"
    )
    _regenerate(tree)
    whole = tmp_path / "pets.json"
    whole.write_text(json.dumps(_newer()), "utf-8")
    assert run(tree, "pets", whole, told=Told())
    (row,) = table.read_table(tree)
    assert [source.file for source in row.pages] == ["pets.json"]
    assert (tree / "specs/providers.toml").read_text("utf-8").startswith("# A comment.\n\n[pets]\n")
    assert not (tree / "specs/pets/put-pet.md").exists()
    assert check.compare(tree, today=DAY).clean


class _Site(BaseHTTPRequestHandler):
    pages: ClassVar[dict[str, bytes]]

    def do_GET(self) -> None:
        body = self.pages.get(self.path)
        self.send_response(404 if body is None else 200)
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name that it has there
        """Say nothing."""


@pytest.fixture
def site() -> Any:
    """A site on this machine: its address, and its pages by path."""

    class Handler(_Site):
        pages: ClassVar[dict[str, bytes]] = {}

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", Handler.pages
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_an_address_is_remembered_and_looked_at_again(tree: Path, site: Any) -> None:
    """In the table and the lock; without a source the next bump goes there."""
    base, pages = site
    pages["/reference/put-pet"] = page(_newer()).encode()
    assert run(tree, "pets", f"{base}/reference/put-pet", told=Told())
    (row,) = table.read_table(tree)
    assert row.urls == (f"{base}/reference/put-pet",)
    assert f'"url": "{base}/reference/put-pet"' in (tree / "specs/specs.lock").read_text("utf-8")
    commit(tree)
    assert run(tree, "pets", told=Told()) is False
    pages["/reference/put-pet"] = page(_newer(version="1.4.0")).encode()
    assert run(tree, "pets", told=Told()) is True


def test_an_address_of_what_is_vendored_already_is_remembered(tree: Path, site: Any) -> None:
    """That is how a provider comes to be followed; no entry in the changelog, as nothing changed for anybody."""
    base, pages = site
    pages["/put-pet.md"] = (tree / "specs/pets/put-pet.md").read_bytes()
    assert run(tree, "pets", f"{base}/put-pet.md", told=Told())
    assert sorted(uncommitted(tree)) == ["specs/providers.toml", "specs/specs.lock"]
    assert table.read_table(tree)[0].urls == (f"{base}/put-pet.md",)


def test_pages_take_the_place_of_a_whole_document(tree: Path, tmp_path: Path) -> None:
    """As they gave way to it before; several are one API."""
    whole = tmp_path / "pets.json"
    whole.write_text(json.dumps(_newer()), "utf-8")
    assert run(tree, "pets", whole, told=Told())
    commit(tree)
    folder = tmp_path / "pages"
    folder.mkdir()
    for method in ("put", "get"):
        document = _newer(_add_field, "1.4.0")
        path = document["paths"]["/pets/{pet_id}"]
        document["paths"]["/pets/{pet_id}"] = {method: path[method]}
        (folder / f"{method}-pet.md").write_text(page(document, f"yaml {method} /pets/{{pet_id}}"), "utf-8")
    assert run(tree, "pets", folder, told=Told())
    (row,) = table.read_table(tree)
    assert [source.file for source in row.pages] == ["get-pet.md", "put-pet.md"]
    assert not (tree / "specs/pets/pets.json").exists()
    assert check.compare(tree, today=DAY).clean


def test_a_page_keeps_the_name_that_it_is_vendored_by(tree: Path, tmp_path: Path) -> None:
    """Overlays name it as their source."""
    assert run(tree, "pets", _page(tmp_path, _newer(), "other.md"), told=Told())
    assert table.read_table(tree)[0].pages[0].file == "put-pet.md"
    assert sorted(path.name for path in (tree / "specs/pets").iterdir()) == ["openapi.yaml", "put-pet.md"]


def test_two_new_versions_of_one_page_are_refused(tree: Path, tmp_path: Path) -> None:
    """Nobody knows which is meant."""
    pages = [_page(tmp_path, _newer(), name) for name in ("a.md", "b.md")]
    with (
        untouched(tree),
        pytest.raises(StepError, match=r"^vendor: b\.md and another file are both new versions of put"),
    ):
        run(tree, "pets", *pages, told=Told())


def test_no_network_is_said_and_nothing_is_touched(tree: Path, site: Any) -> None:
    """A refused connection, and a page that is not there."""
    base, _ = site
    with untouched(tree), pytest.raises(StepError, match=r"^take: http://127\.0\.0\.1:1/page: no answer"):
        run(tree, "pets", "http://127.0.0.1:1/page", told=Told())
    with untouched(tree), pytest.raises(StepError, match=r"^take: .*the server answers with status 404"):
        run(tree, "pets", f"{base}/page", told=Told())


def test_a_provider_without_an_address_needs_a_source(tree: Path) -> None:
    """It says what can be given instead."""
    text = (tree / "specs/providers.toml").read_text("utf-8")
    (tree / "specs/providers.toml").write_text(text.replace(', url = "https://docs.pets.example/put-pet"', ""), "utf-8")
    _regenerate(tree)
    with untouched(tree), pytest.raises(StepError, match=r"^take: .*\[pets\] has no address .*; give SPEC"):
        run(tree, "pets", told=Told())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["terminated", "interrupted"])
def test_a_signal_in_the_middle_of_the_tests_leaves_no_trace(
    tree: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """The new tree is moved back before the process ends."""
    new, ready = _page(tmp_path, _newer()), tmp_path / "ready"
    waits = f"{sys.executable} -c \"import pathlib, time; pathlib.Path('{ready}').touch(); time.sleep(20)\""
    # Whoever starts the tests may have signals ignored, and a child inherits that.
    heeds = "import signal; [signal.signal(n, h) for n, h in ((2, signal.default_int_handler), (15, signal.SIG_DFL))]; "
    scripts = str(PROJECT / "scripts")
    runs = f"import sys; sys.path.insert(0, {scripts!r}); import specs; sys.exit(specs.main(sys.argv[1:]))"
    command = [sys.executable, "-c", heeds + runs, "--root", str(tree), "bump", "pets", str(new), "--tests", waits]
    with untouched(tree):
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        try:
            for _ in range(600):
                if ready.exists() or process.poll() is not None:
                    break
                threading.Event().wait(0.05)
            assert ready.exists()
            assert uncommitted(tree)
            os.killpg(process.pid, number)
            assert process.wait(20) != 0
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(5)


def test_the_command_says_what_happened_by_its_status(tree: Path, tmp_path: Path) -> None:
    """1 where a step fails, 3 where there is nothing new, 0 where the tree is new; the report goes where it is to."""

    def status(source: Path, *more: str) -> tuple[int, str, str]:
        command = [sys.executable, str(PROJECT / "scripts/specs.py"), "--root", str(tree), "bump", "pets", str(source)]
        done = subprocess.run([*command, "--tests", "true", *more], capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    assert status(tree / "specs/pets/put-pet.md") == (
        3, "", f"taken: {tree / 'specs/pets/put-pet.md'}\npets: nothing new, every byte is vendored\n",
    )  # fmt: skip
    code, out, error = status(_page(tmp_path, _newer(_named_server)), "--report", str(tmp_path / "report.md"))
    assert (code, "action 0 (`$.servers[0]`)" in out) == (1, True)
    assert error.endswith("\nspecs.py: overlay: overlay/specs/pets.overlay.yaml no longer fits (action 0); "
                          "mend a copy of it and give it with --overlay (make: OVERLAY=)\n")  # fmt: skip
    assert "no longer fit" in (tmp_path / "report.md").read_text("utf-8")
    code, out, error = status(_page(tmp_path, _newer()))
    assert (code, error.splitlines()[-1]) == (0, "pets: ready to commit")
