"""One variable of an env file. Owns the reading and writing of `NAME=value` lines; keeps every other byte as it is.

Facts
- POSIX shells, python-dotenv and Node's dotenv read an unquoted plain word, a single-quoted text (line breaks and all)
  and a double-quoted text with \\\\ and \\" alike. Beyond that they part ways, so a value that needs more is refused.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks.atomic import changed_meanwhile, check_writable, in_use, locked, real_path
from issuant.sinks.contents import check_text, readable
from issuant.sinks.pending import put_in

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]+\Z")
_NO_QUOTING = "it needs a quoting that shells and dotenv readers do not agree on"

# One assignment: its name, and a value that is one quoted text (over several lines, perhaps), or the rest of the line.
_ASSIGNMENT = re.compile(
    r"""[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=
        (?:[ \t]*(?P<quoted>'(?:[^'\\]|\\.)*+'|"(?:[^"\\]|\\.)*+")(?=[ \t]+\#|[ \t]*+\r?(?:\n|\Z))
        |(?P<plain>[^\r\n]*))""",
    re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"[ \t]\#")
_BOM = "\ufeff"


class EnvFileSink:
    """`env:PATH#NAME`: NAME is set in place, or added at the end; comments, order and other lines stay."""

    def __init__(self, path: Path, name: str, *, replace: bool = True) -> None:
        self._path = path
        self._name = name
        self._replaces = replace

    @property
    def description(self) -> str:
        return f"env:{self._path}#{self._name}"

    def __repr__(self) -> str:
        return f"EnvFileSink({self.description!r})"

    def check(self, *, vacant: bool, value: Secret | None = None) -> object:
        """Raise SinkNotReadyError unless NAME could be set.

        With `vacant`, or where nothing is to be replaced, also where it has a value. With `value`, also where no
        quoting carries that one to every reader alike.
        """
        if not _NAME.match(self._name):
            raise SinkNotReadyError(
                f"{self._name!r} is no name of a variable.", advice="Use letters, digits and underscores.", field="sink"
            )
        check_text(value, self.description)
        check_writable(self._path, description=self.description)
        found = self._readable_digest()
        if found is not None and (vacant or not self._replaces):
            raise in_use(self.description, vacant=vacant)
        if value is not None and _quoted(value.reveal()) is None:
            raise SinkNotReadyError(
                f"{self.description} cannot hold the value: {_NO_QUOTING}.", advice="Use file:PATH.", field="sink"
            )
        return found

    def store(self, value: Secret, found: object) -> None:
        """Set NAME to the value. Raises SinkNotReadyError, OSError or ValueError, and then the file is as it was."""
        with locked(real_path(self._path).parent):
            if self._digest() != found:
                raise changed_meanwhile(self.description)
            content = with_value(self._text(), self._name, value)
            if content is None:
                raise ValueError(_NO_QUOTING)
            put_in(self._path, content)

    def read(self) -> Secret | None:
        """Return the value of NAME; None where it has none. Raises SinkNotReadyError."""
        return readable(lambda: next(reversed(read_values(self._text(), self._name)), None), self.description)

    def _text(self) -> str:
        return self._path.read_bytes().decode() if self._path.exists() else ""

    def _digest(self) -> str | None:
        """Return what tells the variable's values from any others; None where it has none, wherever it stands."""
        values = Secret("\0".join(value.reveal() for value in read_values(self._text(), self._name)))
        return hashlib.sha256(values.reveal().encode()).hexdigest() if values.reveal().strip("\0") else None

    def _readable_digest(self) -> str | None:
        reason = None
        try:
            return self._digest()
        except OSError as cause:
            reason = cause.strerror
        except UnicodeDecodeError:
            reason = "it is not UTF-8"
        raise SinkNotReadyError(f"{self.description} cannot be read: {reason}.", advice="Mend the file.", field="sink")


def with_value(text: str, name: str, value: Secret) -> Secret | None:
    """Return the text of an env file with `name` set to `value`; where it stands more than once, everywhere.

    None for a value that no quoting carries to every reader alike.
    """
    written = _quoted(value.reveal())
    if written is None:
        return None
    places = _values(text, name)
    if not places:
        newline = "\r\n" if "\r\n" in text else "\n"
        start = text if not text or text.endswith("\n") else text + newline
        return Secret(f"{start}{name}={written}{newline}")
    for start_of_value, end in reversed(places):
        text = text[:start_of_value] + written + text[end:]
    return Secret(text)


def _quoted(text: str) -> str | None:
    if _PLAIN.match(text):
        return text
    if "\0" in text or "\r" in text or "${" in text:  # python-dotenv puts variables into single quotes, too
        return None
    if "'" not in text and "\\" not in text:
        return f"'{text}'"
    if "$" in text or "`" in text:
        return None
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def read_values(text: str, name: str) -> list[Secret]:
    """Return the values of `name` in the text of an env file; readers take the last one."""
    return [Secret(_unquoted(text[start:end])) for start, end in _values(text, name)]


def _unquoted(written: str) -> str:
    if written[:1] == "'" and written[-1:] == "'" and len(written) > 1:
        return written[1:-1]
    if written[:1] == '"' and written[-1:] == '"' and len(written) > 1:
        return re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
    return written.strip()


def _values(text: str, name: str) -> list[tuple[int, int]]:
    """Return where the values of `name` stand. A name inside another variable's quoted lines is not one."""
    places = []
    at = len(_BOM) if text.startswith(_BOM) else 0
    while at < len(text):
        found = _ASSIGNMENT.match(text, at)
        if found is not None and found["name"] == name:
            places.append(found.span("quoted") if found["quoted"] is not None else _plain_span(text, found))
        line_end = text.find("\n", found.end() if found is not None else at)
        at = len(text) if line_end < 0 else line_end + 1
    return places


def _plain_span(text: str, found: re.Match[str]) -> tuple[int, int]:
    """Return where an unquoted value stands, without the comment behind it and the blanks before that."""
    start, end = found.span("plain")
    comment = _COMMENT.search(text, start, end)
    kept = text[start : end if comment is None else comment.start()].rstrip(" \t")
    return start, start + len(kept)
