"""Reading and writing YAML in a way that every other reader agrees with.

Owns the two directions and the line numbers. Reads YAML 1.2's core schema (no timestamps, no `yes`, no `1:30`), keys
always as strings, and refuses duplicate keys, tags of other types, and aliases that lead into themselves or grow the
document beyond reason. Writes the same bytes every time, strings quoted wherever YAML 1.1 or 1.2 would misread them.

Facts
- PyYAML reads and writes YAML 1.1: `no` is False, `2024-01-01` a date, `1e3` a string.
- Aliases make one object stand in two places; a later change of one would change the other, so each gets its own.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import yaml

from .faults import PageError

_CORE = {
    "tag:yaml.org,2002:null": re.compile(r"^(?:~|null|Null|NULL|)$"),
    "tag:yaml.org,2002:bool": re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
    "tag:yaml.org,2002:int": re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"),
    "tag:yaml.org,2002:float": re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}
_STR = "tag:yaml.org,2002:str"
# Line breaks to YAML 1.1 alone, which PyYAML escapes nowhere but between double quotes.
_ODD_BREAKS = re.compile("[\r\x85\u2028\u2029\ufeff]")
_NODE_LIMIT = 3_000_000
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # PyYAML's C loader exists only where it was built with libyaml
    """PyYAML's parser with the core schema instead of YAML 1.1's."""

    yaml_implicit_resolvers = {None: list(_CORE.items())}  # noqa: RUF012  # PyYAML's own class attribute


class _Dumper(yaml.SafeDumper):
    """PyYAML's writer without aliases, quoting what either version of YAML would misread."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


for _tag, _pattern in _CORE.items():
    _Dumper.add_implicit_resolver(_tag, _pattern, None)


def _represent_str(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar(_STR, text, style='"' if _ODD_BREAKS.search(text) else style)


_Dumper.add_representer(str, _represent_str)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """Data with the line (counted from 1) on which each of its nodes starts, by pointer."""

    data: Any
    lines: dict[tuple[str, ...], int]


@dataclass(kw_only=True)
class _Reader:
    file: str
    offset: int
    lines: dict[tuple[str, ...], int] = field(default_factory=dict)
    open_nodes: set[int] = field(default_factory=set)
    count: int = 0

    def fail(self, mark: Any, problem: str) -> PageError:
        return PageError(f"{self.file}:{self.line(mark)}: {problem}")

    def line(self, mark: Any) -> int:
        return (0 if mark is None else mark.line) + 1 + self.offset

    def read(self, node: Any, at: tuple[str, ...]) -> Any:
        self.count += 1
        if self.count > _NODE_LIMIT:
            raise self.fail(node.start_mark, "the YAML grows beyond reason through its aliases")
        self.lines[at] = self.line(node.start_mark)
        if isinstance(node, yaml.ScalarNode):
            return self.scalar(node)
        if id(node) in self.open_nodes:
            raise self.fail(node.start_mark, "an alias leads into itself")
        self.open_nodes.add(id(node))
        value = self.sequence(node, at) if isinstance(node, yaml.SequenceNode) else self.mapping(node, at)
        self.open_nodes.discard(id(node))
        return value

    def sequence(self, node: Any, at: tuple[str, ...]) -> list[Any]:
        self.expect(node, "tag:yaml.org,2002:seq")
        return [self.read(item, (*at, str(index))) for index, item in enumerate(node.value)]

    def mapping(self, node: Any, at: tuple[str, ...]) -> dict[str, Any]:
        self.expect(node, "tag:yaml.org,2002:map")
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise self.fail(key_node.start_mark, "a key is not a plain value")
            key = str(key_node.value)
            if key in result:
                raise self.fail(key_node.start_mark, f"the key {key!r} stands here twice")
            result[key] = self.read(value_node, (*at, key))
            self.lines[(*at, key)] = self.line(key_node.start_mark)
        return result

    def expect(self, node: Any, tag: str) -> None:
        if node.tag != tag:
            raise self.fail(node.start_mark, f"the tag {node.tag} is not one of YAML's core schema")

    def scalar(self, node: Any) -> Any:
        text = node.value
        match node.tag.removeprefix("tag:yaml.org,2002:"):
            case "str":
                return text
            case "null":
                return None
            case "bool" if text.lower() in ("true", "false"):
                return text.lower() == "true"
            case "int" if _CORE[node.tag].match(text):
                base = {"0o": 8, "0x": 16}.get(text[:2], 10)
                return int(text, base)
            case "float" if _CORE[node.tag].match(text):
                return float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
        raise self.fail(node.start_mark, f"{node.tag} {text[:40]!r} is not of YAML's core schema")


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


def load(text: str, *, file: str, offset: int = 0) -> Loaded:
    """The YAML as data.

    `file` and `offset` (lines that stand before the text in that file) go into the errors.
    Raises PageError, which names file and line, for anything but one document of plain data.
    """
    reader = _Reader(file=file, offset=offset)
    problem = None
    node = None
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        problem = reader.fail(error.problem_mark or error.context_mark, f"broken YAML: {error.problem}")
    except yaml.YAMLError as error:
        problem = PageError(f"{file}:{offset + 1}: broken YAML: {error}")
    if problem is not None:
        raise problem
    return Loaded(data=None if node is None else reader.read(node, ()), lines=reader.lines)


def dump(data: Any) -> str:
    """The data as YAML, keys in their order; read back by any YAML 1.1 or 1.2 reader it is equal."""
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=4096)
    return text
