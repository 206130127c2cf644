"""A path or an address gives one document, or a sentence that says what is wrong with it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from specpipe import intake, limits, yamlio
from specpipe.faults import PageError

from tests.specpipe.documents import pets

HEAD = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n"


def _write(folder: Path, data: str | bytes, name: str = "api") -> str:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


@pytest.mark.parametrize("name", ["api", "api.json", "api.yaml", "api.txt"])
@pytest.mark.parametrize("write", [json.dumps, yamlio.dump], ids=["JSON", "YAML"])
def test_the_text_tells_json_from_yaml(tmp_path: Path, write: Callable[[object], str], name: str) -> None:
    """Whatever the file is called."""
    assert intake.read(_write(tmp_path, write(pets()), name)).document == pets()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("write", [json.dumps, yamlio.dump], ids=["JSON", "YAML"])
def test_byte_order_marks_and_utf_16_are_read(tmp_path: Path, write: Callable[[object], str], encoding: str) -> None:
    """As the two formats allow."""
    assert intake.read(_write(tmp_path, write(pets()).encode(encoding))).document == pets()


def test_yaml_in_braces_is_yaml(tmp_path: Path) -> None:
    """JSON is tried first."""
    assert intake.read(_write(tmp_path, "{openapi: 3.0.1, paths: {}}")).document == {"openapi": "3.0.1", "paths": {}}


@pytest.mark.parametrize("text", [HEAD.replace("3.1.0", "3.1"), '{"openapi": 3.1, "paths": {}}'], ids=["YAML", "JSON"])
def test_a_version_that_is_a_number_is_a_version(tmp_path: Path, text: str) -> None:
    """And counted."""
    taken = intake.read(_write(tmp_path, text))
    assert taken.document["openapi"] == "3.1"
    assert taken.repairs == {"version_number": 1}


def test_what_yaml_has_and_json_has_not_is_counted(tmp_path: Path) -> None:
    """Status codes as numbers, binary scalars and dates."""
    text = HEAD.replace(
        "paths: {}",
        "paths: {/a: {get: {responses: {200: {description: !!binary aGk=}, 404: {description: 2024-01-01}}}}}",
    )
    taken = intake.read(_write(tmp_path, text))
    assert taken.repairs == {"integer_key": 2, "yaml_scalar": 2}
    assert taken.document["paths"]["/a"]["get"]["responses"]["404"] == {"description": "2024-01-01"}


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        pytest.param("", "api: the file is empty", id="empty"),
        pytest.param(" \n", "api: the file is empty", id="blank"),
        pytest.param("# nothing\n", "api: this is not an OpenAPI document but", id="comment"),
        pytest.param("[1]", "but a list", id="list"),
        pytest.param("hello", "but text", id="text"),
        pytest.param("<!doctype html><html>Log in</html>", "this is a login page", id="login page"),
        pytest.param("<html><p>Hello</html>", "this is a web page", id="web page"),
        pytest.param("<rss></rss>", "this is XML or a page, not a document", id="XML"),
        pytest.param("swagger: '2.0'\npaths: {}", "Swagger 2.0, not OpenAPI 3; convert it first", id="Swagger"),
        pytest.param("asyncapi: 2.6.0", "an AsyncAPI document", id="AsyncAPI"),
        pytest.param("a: 1", "it has no `openapi`", id="anything"),
        pytest.param("openapi: 3.2.0", "OpenAPI '3.2.0' is neither 3.0 nor 3.1", id="3.2"),
        pytest.param("openapi: 4", "OpenAPI '4' is neither", id="4"),
        pytest.param("openapi: [3]", "is neither 3.0 nor 3.1", id="version a list"),
        pytest.param('{"openapi": "3.0.0",\n "paths": {"/a', "api:2: broken JSON", id="half a JSON"),
        pytest.param("openapi: 3.0.0\npaths:\n  '/a", "api:3: broken YAML", id="half a YAML"),
        pytest.param('{"a": 1,\n"b": {"c": 1,\n"c": 2}}', "api:3: the key 'c' stands twice", id="duplicate in JSON"),
        pytest.param("a: 1\na: 2", "api:2: the key 'a' stands here twice", id="duplicate in YAML"),
        pytest.param('{"a": NaN}', "NaN is not a number that JSON has", id="NaN"),
        pytest.param('{"a": -Infinity}', "-Infinity is not a number", id="infinity"),
        pytest.param('{"a": 1e999}', "1e999 is not a number", id="too large a float"),
        pytest.param('{"a": %s}' % ("9" * 5000), "a number of 5000 digits", id="digits in JSON"),
        pytest.param('{"a": "\\ud800"}', "half of a surrogate pair", id="surrogate"),
        pytest.param("[" * 100_000, "more than 150 objects and lists", id="nested lists in JSON"),
        pytest.param('{"a":' * 100_000, "more than 150 objects and lists", id="nested objects in JSON"),
        pytest.param("a: " + "[" * 100_000, "api:1: more than 150", id="nested lists in YAML"),
        pytest.param("[" * 151 + "]" * 151, "more than 150 objects and lists", id="one too deep"),
        pytest.param(b"a: \xff", "api:1: not UTF-8", id="not UTF-8"),
        pytest.param(b"\xff\xfea", "not UTF-16", id="half a UTF-16"),
    ],
)
def test_what_is_no_document_is_said_in_a_sentence(tmp_path: Path, data: str | bytes, problem: str) -> None:
    """With the file, and the line where it is known."""
    source = _write(tmp_path, data)
    with pytest.raises(PageError, match=problem) as caught:
        intake.read(source)
    assert str(caught.value).startswith(source)
    assert len(str(caught.value).splitlines()) == 1


def test_a_path_that_is_no_file_is_named(tmp_path: Path) -> None:
    """Missing, a folder, or something to wait at."""
    os.mkfifo(tmp_path / "pipe")
    for name, problem in {"none": "no such file", ".": "a folder", "pipe": "not a regular file"}.items():
        with pytest.raises(PageError, match=problem):
            intake.read(str(tmp_path / name))


def test_the_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes and values, before anything is built of them; commas in texts are no values."""
    monkeypatch.setattr(limits, "NODES", 50)
    fine = _write(tmp_path, json.dumps({"openapi": "3.0.0", "info": "," * 60}))
    assert intake.read(fine).document["info"] == "," * 60
    with pytest.raises(PageError, match="more than 50 values"):
        intake.read(_write(tmp_path, json.dumps({"openapi": "3.0.0", "a": list(range(60))})))
    with pytest.raises(PageError, match="more than 50 values"):
        intake.read(_write(tmp_path, "openapi: 3.0.0\na:\n" + "- 1\n" * 60))
    monkeypatch.setattr(limits, "BYTES", 50)
    with pytest.raises(PageError, match="larger than 50 bytes"):
        intake.read(fine)


def test_the_limits_hold_over_all_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document of many small files is no way around them."""
    schema = json.dumps({"enum": list(range(40))})
    _write(tmp_path, schema, "a.json")
    _write(tmp_path, schema, "b.json")
    text = HEAD + "components: {schemas: {A: {$ref: a.json}, B: {$ref: b.json}}}"
    source = _write(tmp_path, text)
    assert intake.read(source).repairs == {"bundled_file": 2}
    monkeypatch.setattr(limits, "NODES", 80)
    with pytest.raises(PageError, match=r"b\.json: the files together hold more than 80 values"):
        intake.read(source)
    monkeypatch.setattr(limits, "BYTES", len(text) + len(schema) + 5)
    with pytest.raises(PageError, match=r"b\.json: larger than"):
        intake.read(source)
