"""One variable of an env file. Owns the reading and writing of `NAME=value` lines; keeps every other byte as it is.

Facts
- POSIX shells, python-dotenv and Node's dotenv read an unquoted plain word, a single-quoted text (line breaks and all)
  and a double-quoted text with \\\\ and \\" alike. Beyond that they part ways, so a value that needs more is refused.
"""

from __future__ import annotations

import re
from pathlib import Path

from issuant.errors import SinkNotReadyError
from issuant.secret import Secret
from issuant.sinks.atomic import check_writable, locked, real_path, replace_file

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_PLAIN = re.compile(r"[A-Za-z0-9_./:@%+,=-]+\Z")

# One assignment: its name, and a value that is one quoted text (over several lines, perhaps), or anything that runs to
# a comment or the line's end.
_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=
        (?:[ \t]*(?P<quoted>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<plain>[^\r\n]*?))(?=[ \t]+\#|[ \t]*\r?$)""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)


class EnvFileSink:
    """`env:PATH#NAME`: NAME is set in place, or added at the end; comments, order and other lines stay."""

    def __init__(self, path: Path, name: str) -> None:
        self._path = path
        self._name = name

    @property
    def description(self) -> str:
        return f"env:{self._path}#{self._name}"

    def __repr__(self) -> str:
        return f"EnvFileSink({self.description!r})"

    def check(self, *, vacant: bool) -> None:
        """Raise SinkNotReadyError unless NAME could be set; with `vacant`, also where it has a value."""
        if not _NAME.match(self._name):
            raise SinkNotReadyError(
                f"{self._name!r} is no name of a variable.", advice="Use letters, digits and underscores.", field="sink"
            )
        check_writable(self._path, description=self.description)
        if self._holds_value() and vacant:
            raise SinkNotReadyError(
                f"{self.description} has a value already, which a refused request would have cost you.",
                advice="Name another variable, or take that one out.",
                field="sink",
            )

    def store(self, value: Secret) -> None:
        """Set NAME to the value. Raises OSError or ValueError, and then the file is as it was."""
        with locked(real_path(self._path).parent):
            content = with_value(self._text(), self._name, value)
            if content is None:
                raise ValueError("the value needs a quoting that shells and dotenv readers do not agree on")
            replace_file(self._path, content)

    def _text(self) -> str:
        return self._path.read_bytes().decode() if self._path.exists() else ""

    def _holds_value(self) -> bool:
        reason = None
        try:
            return bool(read_value(self._text(), self._name))
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


def read_value(text: str, name: str) -> Secret | None:
    """Return the value of `name` in the text of an env file, the last one where there are several."""
    places = _values(text, name)
    if not places:
        return None
    start, end = places[-1]
    return Secret(_unquoted(text[start:end]))


def _unquoted(written: str) -> str:
    if written[:1] == "'" and written[-1:] == "'" and len(written) > 1:
        return written[1:-1]
    if written[:1] == '"' and written[-1:] == '"' and len(written) > 1:
        return re.sub(r"\\(.)", r"\1", written[1:-1], flags=re.DOTALL)
    return written.strip()


def _values(text: str, name: str) -> list[tuple[int, int]]:
    """Return where the values of `name` stand. A name inside another variable's quoted lines is not one."""
    places = []
    at = 0
    while at < len(text):
        found = _ASSIGNMENT.match(text, at)
        if found is not None and found["name"] == name:
            places.append(found.span("plain" if found["quoted"] is None else "quoted"))
        line_end = text.find("\n", found.end() if found is not None else at)
        at = len(text) if line_end < 0 else line_end + 1
    return places
