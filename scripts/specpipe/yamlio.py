"""Reading and writing YAML in a way that every other reader agrees with.

Owns the two directions and the line numbers. Reads YAML 1.2's core schema (no timestamps, no `yes`, no `1:30`), keys
always as strings, and refuses duplicate keys, tags of other types, and aliases that lead into themselves or grow the
document beyond reason. Writes the same bytes every time, strings quoted wherever YAML 1.1 or 1.2 would misread them.

Facts
- PyYAML reads and writes YAML 1.1: `no` is False, `2024-01-01` a date, `1e3` a string.
- Aliases make one object stand in two places; a later change of one would change the other, so each gets its own.
"""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import yaml

from .faults import PageError
from .yamlreader import CORE, STR, Reader

# Line breaks to YAML 1.1 alone, which PyYAML escapes nowhere but between double quotes.
_ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
# PyYAML's own code is many times slower than libyaml's, which its wheels bring along.
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WRITER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


class _Dumper(_WRITER):  # type: ignore[misc]  # PyYAML's C writer exists only where it was built with libyaml
    """PyYAML's writer without aliases, quoting what either version of YAML would misread."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, _pattern in CORE.items():
    _Dumper.add_implicit_resolver(_tag, _pattern, None)


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar(STR, text, style='"' if _ODD_BREAKS.search(text) else style)


_Dumper.add_representer(str, _represent_str)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Data with the line (counted from 1) on which each of its nodes starts, by pointer, where lines were asked for.

    `repairs` counts what was read otherwise than it was written, by rule; `integer_keys` the plain numbers among the
    keys, by the key under which their object stands.
    """

    data: Any
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    repairs: Counter[str] = field(default_factory=Counter)
    integer_keys: Counter[str] = field(default_factory=Counter)
    nodes: int = 0


def decode(data: bytes, *, file: str) -> str:
    """The bytes of a file as text. Raises PageError, which names file and line, when they are not UTF-8."""
    problem = None
    text = ""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = PageError(f"{file}:{line}: not UTF-8: the byte 0x{data[error.start]:02x}")
    if problem is not None:
        raise problem
    return text


def load(text: str, *, file: str, offset: int = 0, lines: bool = True, tolerant: bool = False) -> Loaded:
    """The YAML as data.

    `file` and `offset` (lines that stand before the text in that file) go into the errors. Without `lines` it is
    quicker. `tolerant` reads what people write and JSON has not: binary and dates as their text, `<<` as a merge.
    Raises PageError, which names file and line, for anything but one document of plain data within the limits.
    """
    reader = Reader(file=file, offset=offset, tolerant=tolerant, lines={} if lines else None)
    problem = None
    data = None
    try:
        data = reader.read(yaml.parse(text, Loader=_BASE))
    except yaml.MarkedYAMLError as error:
        problem = reader.fail(error.problem_mark or error.context_mark, f"broken YAML: {error.problem}")
    except yaml.YAMLError as error:
        problem = PageError(f"{file}:{offset + 1}: broken YAML: {error}")
    if problem is not None:
        raise problem
    return Loaded(
        data=data,
        lines=reader.lines or {},
        repairs=reader.repairs,
        integer_keys=reader.integer_keys,
        nodes=reader.nodes,
    )


def dump(data: Any) -> str:
    """The data as YAML, keys in their order; read back by any YAML 1.1 or 1.2 reader it is equal."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096)
    return text
