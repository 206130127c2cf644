"""From a path or an address to one OpenAPI document in memory. Owns the reading: which text is JSON and which YAML,
what is no OpenAPI document and what it is instead, and the limits over all files of a document. Refuses everything but
OpenAPI 3.0 and 3.1, in one sentence that names the file, and the line where there is one.

Facts
- What a file is called and what a server says of it do not tell JSON from YAML; the text does.
- JSON may be UTF-16, and begin with a byte order mark; a YAML reader has to know both.
- YAML takes `openapi: 3.1` for a number, and `200:` for one too.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .. import jsonio, limits, lookalikes, yamlio
from ..document import Document, Pointer
from ..faults import PageError
from . import bundle, fetch

_VERSION = re.compile(r"3\.[01](\.\d+)?([-+].*)?")
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, kw_only=True)
class Intake:
    """A document as it was read, in one piece, its structure not yet looked at.

    `refused` says, for the references that lead out of it and were not followed, why.
    """

    name: str
    document: Document
    repairs: Counter[str]
    refused: dict[Pointer, str]


def read(source: str) -> Intake:
    """The OpenAPI document at the path or the http(s) address, with what it refers to in other files.

    Raises PageError or DocumentError.
    """
    if fetch.is_address(source):
        return parsed(fetch.fetch(source), fetch.shown(source))
    reading = _Reading()
    path = Path(source)
    document = checked(reading.load(path), str(path), reading.repairs)
    if not bundle.leads_out(document):
        return Intake(name=str(path), document=document, repairs=reading.repairs, refused={})
    bundled = bundle.bundle(document, path, reading.load)
    if bundled.files > 1:
        reading.repairs["bundled_file"] += bundled.files - 1
    return Intake(name=str(path), document=bundled.document, repairs=reading.repairs, refused=bundled.refused)


def parsed(data: bytes, name: str) -> Intake:
    """The OpenAPI document that the bytes hold, under that name in errors; other files are not looked at.

    Raises PageError.
    """
    reading = _Reading()
    document = checked(reading.parse(data, name), name, reading.repairs)
    return Intake(name=name, document=document, repairs=reading.repairs, refused={})


def contents(path: Path, *, room: int) -> bytes:
    """The bytes of a file, at most as many as there is room for.

    Raises PageError, which names the file.
    """
    problem = ""
    data = b""
    try:
        if path.is_dir():
            problem = "this is a folder, not a file"
        elif not path.is_file():
            problem = "there is no such file" if not path.exists() else "this is not a regular file"
        elif path.stat().st_size > room:
            problem = f"larger than {limits.BYTES} bytes, all files together"
        else:
            data = path.read_bytes()
    except (OSError, ValueError) as error:
        problem = f"cannot be read: {getattr(error, 'strerror', None) or type(error).__name__}"
    if problem:
        raise PageError(f"{path}: {problem}")
    return data


def read_data(path: Path) -> Any:
    """The data of one file, within the limits. Raises PageError."""
    return _Reading().load(path)


@dataclass(kw_only=True)
class _Reading:
    """The reading of all files of one document."""

    repairs: Counter[str] = field(default_factory=Counter)
    size: int = 0
    nodes: int = 0

    def load(self, path: Path) -> Any:
        """The data of a file."""
        return self.parse(contents(path, room=limits.BYTES - self.size), str(path))

    def parse(self, data: bytes, name: str) -> Any:
        """The data that the bytes of a file hold."""
        self.size += len(data)
        text = _decode(data, name)
        start = text.lstrip()[:1]
        if not start:
            raise PageError(f"{name}: the file is empty")
        if start == "<":
            raise PageError(f"{name}: {lookalikes.web_page(text) or 'this is XML or a page, not a document'}")
        loaded = self._json(text, name) if start in "{[" else self._yaml(text, name)
        if self.nodes > limits.NODES:
            raise PageError(f"{name}: the files together hold more than {limits.NODES} values")
        return loaded

    def _json(self, text: str, name: str) -> Any:
        problem = None
        try:
            loaded = jsonio.load(text, file=name)
            self.nodes += loaded.nodes
            return loaded.data
        except jsonio.BrokenJSONError as error:
            problem = error
        try:
            # A YAML document may begin with a brace as well.
            return self._yaml(text, name)
        except PageError:
            pass
        raise problem

    def _yaml(self, text: str, name: str) -> Any:
        loaded = yamlio.load(text, file=name, lines=False, tolerant=True)
        self.nodes += loaded.nodes
        self.repairs += loaded.repairs
        if loaded.integer_keys["responses"]:
            self.repairs["integer_key"] += loaded.integer_keys["responses"]
        return loaded.data


def _decode(data: bytes, name: str) -> str:
    encoding = next((encoding for mark, encoding in _MARKS.items() if data.startswith(mark)), None)
    if encoding is None and b"\x00" in data[:4]:
        encoding = "utf-16-be" if data[:1] == b"\x00" else "utf-16-le"
    if encoding is None:
        return yamlio.decode(data, file=name)
    problem = None
    text = ""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        problem = PageError(f"{name}: not {encoding.upper()}: {error.reason}")
    if problem is not None:
        raise problem
    return text


def checked(data: Any, name: str, repairs: Counter[str] | None = None) -> Document:
    """The data, if it is an OpenAPI document of a version that is known here.

    Raises PageError, which says under that name what it is instead.
    """
    if not isinstance(data, dict):
        raise PageError(f"{name}: this is not an OpenAPI document but {'a list' if isinstance(data, list) else 'text'}")
    if "openapi" not in data:
        raise PageError(f"{name}: {lookalikes.instead(data)}")
    version = data["openapi"]
    if isinstance(version, float):
        if repairs is not None:
            repairs["version_number"] += 1
        version = str(version)
    if not isinstance(version, str) or not _VERSION.fullmatch(version.strip()):
        raise PageError(f"{name}: OpenAPI {str(version)[:40]!r} is neither 3.0 nor 3.1")
    return {**data, "openapi": version.strip()}
