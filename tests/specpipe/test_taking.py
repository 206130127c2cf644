"""New pages are taken from paths, folders and addresses, or refused by name before anything changes."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from specpipe import limits, yamlio
from specpipe.extract import extract
from specpipe.faults import PageError
from specpipe.taking import Taken, take

from tests.specpipe.documents import page, pets

PAGE = page(pets())
DOCUMENT = json.dumps(pets())
YAML = yamlio.dump(pets())
WITH_FENCES = YAML.replace("title: FastAPI", "title: FastAPI\n  description: |\n    ```yaml\n    a: 1\n    ```")
LOGIN = "<!doctype html><html><form><input type=password></form></html>"


def _write(folder: Path, **files: str) -> Path:
    """Files by name, with `_` for the dot."""
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", ["put-pet.md", "pets.mdx", "page.markdown", "page.txt"])
def test_a_page_is_taken_by_its_path(tmp_path: Path, name: str) -> None:
    """Byte for byte, under its own name, without an address."""
    data = PAGE.replace("\n", "\r\n").encode()
    path = tmp_path / name
    path.write_bytes(data)
    assert take([str(path)]) == (Taken(file=name, data=data, place=str(path)),)


@pytest.mark.parametrize("name", ["pets.json", "pets.yaml", "pets.yml"])
def test_a_whole_document_is_taken_by_its_path(tmp_path: Path, name: str) -> None:
    """JSON or YAML, whatever it is called."""
    path = tmp_path / name
    path.write_text(DOCUMENT, "utf-8")
    assert take([str(path)]) == (Taken(file=name, data=DOCUMENT.encode(), place=str(path)),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_yaml_document_ends_with_a_line_break(tmp_path: Path, ending: str, encoding: str) -> None:
    """One that does not may have lost its end, and reads as well as before; any line break will do."""
    path = tmp_path / "pets.yaml"
    path.write_bytes(YAML.replace("\n", ending).encode(encoding))
    assert take([str(path)])[0].file == "pets.yaml"
    path.write_bytes(YAML.rstrip("\n").replace("\n", ending).encode(encoding))
    with pytest.raises(PageError, match="if it is whole, end it with a line break") as caught:
        take([str(path)])
    assert str(caught.value).startswith(f"{path}: the last line has no end, ")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["pets.json", "pets.yaml"])
def test_what_ends_with_its_brace_needs_no_line_break(tmp_path: Path, name: str, encoding: str) -> None:
    """Without its end it cannot be read."""
    (tmp_path / name).write_bytes(f"\n {DOCUMENT}".encode(encoding))
    assert take([str(tmp_path / name)])[0].file == name


def test_no_part_of_a_yaml_document_that_ends_within_a_line_is_taken(tmp_path: Path) -> None:
    """Wherever it was cut off."""
    path = tmp_path / "pets.yaml"
    for end in range(0, len(YAML), 23):
        if not YAML[:end].endswith("\n"):
            path.write_text(YAML[:end], "utf-8")
            with pytest.raises(PageError):
                take([str(path)])


def test_a_folder_is_its_pages_and_documents(tmp_path: Path) -> None:
    """By name; hidden files, other endings and folders are left alone."""
    folder = _write(tmp_path, b_md=PAGE, a_json=DOCUMENT, c_MDX=PAGE, _hidden_md="", shot_png="", notes_txt="no block")
    _write(folder / "more", d_md="no block")
    assert [taken.file for taken in take([str(folder)])] == ["a.json", "b.md", "c.mdx"]


def test_sources_keep_their_order(tmp_path: Path) -> None:
    """Pages are merged in it."""
    first, second = _write(tmp_path / "1", b_md=PAGE), _write(tmp_path / "2", a_md=PAGE, c_md=PAGE)
    assert [taken.file for taken in take([str(first / "b.md"), str(second)])] == ["b.md", "a.md", "c.md"]


@pytest.mark.parametrize(
    ("name", "text", "file"),
    [
        ("openapi.yaml", YAML, "document.yaml"),
        ("OpenAPI.yaml", YAML, "document.yaml"),
        ("openapi.json", DOCUMENT, "openapi.json"),
        ("put pet (new).md", PAGE, "put-pet-new.md"),
        ("..md", PAGE, "page.md"),
        ("pét\u200b.md", PAGE, "p-t.md"),
        ("v1.2", PAGE, "v1.2.md"),
        ("v1.2", DOCUMENT, "v1.2.json"),
        ("v1.2", YAML, "v1.2.yaml"),
        ("api.txt.yaml", WITH_FENCES, "api.txt.yaml"),
        ("api", WITH_FENCES, "api.yaml"),
        ("api", "Text.\n" + PAGE, "api.md"),
        ("x" * 200 + ".md", PAGE, "x" * 100 + ".md"),
    ],
)
def test_a_file_gets_a_name_that_is_safe_and_says_what_it_is(tmp_path: Path, name: str, text: str, file: str) -> None:
    """And is not that of the document that the pipeline writes."""
    (tmp_path / name).write_text(text, "utf-8")
    (taken,) = take([str(tmp_path / name)])
    assert taken.file == file
    assert extract(taken.data, file=taken.file)[0].document["paths"] == pets()["paths"]


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        pytest.param("a.md", LOGIN, "this is a login page: give an address", id="login page"),
        pytest.param("a.json", LOGIN, "this is a login page: give an address", id="login page as JSON"),
        pytest.param("a", LOGIN, "this is a login page: give an address", id="login page without ending"),
        pytest.param("a.md", PAGE[: PAGE.rindex("paths:")], "never closed; the page looks cut off", id="half a page"),
        pytest.param("a.json", DOCUMENT[:200], "looks cut off", id="half a JSON"),
        pytest.param("a.yaml", YAML[: YAML.index("5XX")], "looks cut off", id="half a YAML"),
        pytest.param("a.md", "# Keys\n", "there is no fenced OpenAPI block", id="no block"),
        pytest.param("a.md", "", "there is no fenced OpenAPI block", id="empty page"),
        pytest.param("a.json", "", "the file is empty", id="empty document"),
        pytest.param("a.yaml", "a: 1\n", "it has no `openapi`", id="other YAML"),
        pytest.param("a.json", '{"swagger": "2.0"}', "this is Swagger 2.0, not OpenAPI 3; convert", id="Swagger"),
    ],
)
def test_what_holds_no_openapi_is_refused_by_name(tmp_path: Path, name: str, text: str, problem: str) -> None:
    """By its own path and from a folder, where another page is fine."""
    path = tmp_path / name
    path.write_text(text, "utf-8")
    with pytest.raises(PageError, match=problem) as caught:
        take([str(path)])
    assert str(caught.value).startswith(f"{path}:")
    (tmp_path / "fine.md").write_text(PAGE, "utf-8")
    if path.suffix:
        with pytest.raises(PageError, match=problem) as caught:
            take([str(tmp_path)])
        assert str(caught.value).startswith(f"{path}:")


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    """A missing path, something to wait at, a folder without a page; and nothing at all."""
    os.mkfifo(tmp_path / "pipe.md")
    for source, problem in {
        tmp_path / "none.md": "there is no such file",
        tmp_path / "pipe.md": "this is not a regular file",
        _write(tmp_path / "empty", a_png=""): r"no page and no document stands directly in this folder \(\.md, ",
    }.items():
        with pytest.raises(PageError, match=problem) as caught:
            take([str(source)])
        assert str(caught.value).startswith(f"{source}: ")
    for nothing in ([], [""], [str(_write(tmp_path / "1", a_md=PAGE)), " "]):
        with pytest.raises(PageError, match="there is nothing to take: give"):
            take(nothing)


@pytest.mark.parametrize("source", ["x" * 5000 + ".md", "pages/" * 1000])
def test_a_path_that_is_too_long_is_said_so(source: str) -> None:
    """In a message that is not."""
    with pytest.raises(PageError, match=r"^(x{100}|(pages/)+page)…: cannot be read: File name too long$"):
        take([source])


def test_a_link_that_leads_out_of_a_folder_is_refused(tmp_path: Path) -> None:
    """One that stays in it, and one that is given by its own path, is a file like another."""
    folder = _write(tmp_path / "pages", a_md=PAGE)
    _write(tmp_path, secret_md=PAGE)
    (folder / "b.md").symlink_to("a.md")
    assert [taken.file for taken in take([str(folder)])] == ["a.md", "b.md"]
    (folder / "c.md").symlink_to("../secret.md")
    assert take([str(folder / "c.md")])[0].file == "c.md"
    with pytest.raises(PageError, match=r"c\.md: this is a link that leads out of the folder; give the file"):
        take([str(folder)])


def test_a_link_without_an_end_is_refused(tmp_path: Path) -> None:
    """Not followed for ever."""
    (tmp_path / "a.md").symlink_to("a.md")
    with pytest.raises(PageError, match=r"^/.*: (cannot be read|there is no such file)"):
        take([str(tmp_path)])


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """With both places; some file systems hold names equal that differ in case."""
    first, second = _write(tmp_path / "1", a_md=PAGE), _write(tmp_path / "2", A_md=PAGE)
    with pytest.raises(PageError, match=r"2/A\.md: its file would be A\.md, and so would that of .*1/a\.md; give one"):
        take([str(first), str(second)])
    with pytest.raises(PageError, match=r"1/a\.md: this is given twice$"):
        take([str(first / "a.md"), str(first)])


def test_the_limit_holds_over_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As for the files of one document."""
    folder = _write(tmp_path, a_md=PAGE, b_md=PAGE)
    monkeypatch.setattr(limits, "BYTES", len(PAGE) * 2)
    assert len(take([str(folder)])) == 2
    monkeypatch.setattr(limits, "BYTES", len(PAGE) * 2 - 1)
    for sources in ([str(folder)], [str(folder / "a.md"), str(folder / "b.md")]):
        with pytest.raises(PageError, match=r"b\.md: larger than \d+ bytes, all files together"):
            take(sources)


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.path == "/queried?token=SECRET123":
            path = "/"
        text = {"/pages/put-pet": PAGE, "/pages/put-pet.md": PAGE, "/": PAGE, "/login": LOGIN, "/api": DOCUMENT}
        self.send_response(200 if path in text else 404)
        self.end_headers()
        self.wfile.write(text.get(path, "").encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the standard library's name
        """Say nothing."""


@pytest.fixture(scope="module")
def host() -> Iterator[str]:
    """A server of pages."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("/pages/put-pet", "put-pet.md"),
        ("/pages/put-pet.md", "put-pet.md"),
        ("/api", "api.json"),
        ("/", "page.md"),
    ],
)
def test_an_address_gives_a_file_of_its_last_part(host: str, path: str, file: str) -> None:
    """And is kept with it, without the part that no server is sent."""
    for address in (host + path, f"{host}{path}#there"):
        (taken,) = take([address])
        assert (taken.file, taken.url, taken.place) == (file, host + path, host + path)
        assert taken.data in (PAGE.encode(), DOCUMENT.encode())


def test_an_address_with_a_query_is_fetched_and_not_written_down(host: str) -> None:
    """The query may hold a secret; the server is sent it all the same."""
    (taken,) = take([f"{host}/queried?token=SECRET123"])
    assert (taken.file, taken.url, taken.place) == ("queried.md", None, f"{host}/queried?…")
    assert taken.data == PAGE.encode()
    with pytest.raises(PageError, match=r"/queried: the server answers with status 404$"):
        take([f"{host}/queried"])


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("{host}/login", "/login: this is a login page: give an address that needs no login"),
        ("{host}/missing", "/missing: the server answers with status 404"),
        ("http://127.0.0.1:1/page", "^http://127.0.0.1:1/page: no answer"),
        ("http://name:fw_TEST_not_a_key@127.0.0.1:1/a", "^http://127.0.0.1:1/a: the address holds a user name or a"),
        ("ftp://pets.example/a", "^ftp://pets.example/a: only http and https"),
        ("http://[bad/a", "not a usable address"),
    ],
)
def test_an_address_without_a_page_is_named(host: str, address: str, problem: str) -> None:
    """And shows no secret."""
    with pytest.raises(PageError, match=problem) as caught:
        take([address.format(host=host)])
    assert "TEST" not in str(caught.value)


def test_the_limit_holds_over_all_addresses(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of them alone would be small enough."""
    monkeypatch.setattr(limits, "BYTES", len(PAGE) * 2 - 1)
    with pytest.raises(PageError, match=r"/pages/put-pet\.md: larger than \d+ bytes, all files together"):
        take([f"{host}/pages/put-pet", f"{host}/pages/put-pet.md"])
