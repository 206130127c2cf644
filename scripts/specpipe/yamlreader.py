"""From the events of a YAML parser to plain data. Owns what a scalar means, where an alias leads, and which line a
node stands on. Refuses duplicate keys, tags of other types, numbers that JSON has not, and whatever passes the limits,
before it takes room.

Facts
- libyaml's composer recurses without a bound and builds a node for each value; its events do neither.
- The same value may stand in two places by an alias. A change of one would change the other, so each gets its own.
- Vendors' tools write texts that look like base64 or a date as `!!binary` and as plain dates. They are texts in JSON.
- A plain `<<` is a key like another in YAML 1.2. In YAML 1.1, and to most tools, it stands for the keys of its value.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml

from . import limits
from .faults import PageError

CORE = {
    "tag:yaml.org,2002:null": re.compile(r"^(?:~|null|Null|NULL|)$"),
    "tag:yaml.org,2002:bool": re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"),
    "tag:yaml.org,2002:int": re.compile(r"^(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)$"),
    "tag:yaml.org,2002:float": re.compile(
        r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
    ),
}
STR = "tag:yaml.org,2002:str"
_NULL, _BOOL = "tag:yaml.org,2002:null", "tag:yaml.org,2002:bool"
_INT, _FLOAT = "tag:yaml.org,2002:int", "tag:yaml.org,2002:float"
_TEXTS = ("tag:yaml.org,2002:binary", "tag:yaml.org,2002:timestamp")
_TIMESTAMP = re.compile(r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt ].*)?$")
_WORDS = {"": None, "~": None, "null": None, "true": True, "false": False}
# What a plain scalar of the core schema that is not a text may begin with.
_NUMERIC, _WORDLY = frozenset("+-.0123456789"), frozenset("~nNtTfF")
_SCALAR = "tag:yaml.org,2002:"


@dataclass(kw_only=True, slots=True)
class _Open:
    """A list or an object that has begun."""

    value: Any
    name: str
    at: tuple[str, ...]
    anchor: str | None
    before: int
    height: int = 0
    key: str | None = None
    merged: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Anchored:
    value: Any
    text: str | None
    at: tuple[str, ...]
    nodes: int
    height: int


@dataclass(kw_only=True)
class Reader:
    """One reading of one text. `tolerant` takes what YAML 1.1 has and JSON has not for what it stands for."""

    file: str
    offset: int = 0
    tolerant: bool = False
    lines: dict[tuple[str, ...], int] | None = None
    repairs: Counter[str] = field(default_factory=Counter)
    integer_keys: Counter[str] = field(default_factory=Counter)
    nodes: int = 0
    aliased: int = 0
    _open: list[_Open] = field(default_factory=list)
    _anchors: dict[str, _Anchored] = field(default_factory=dict)
    _root: Any = None

    def fail(self, mark: Any, problem: str) -> PageError:
        """The error, with file and line."""
        return PageError(f"{self.file}:{self._line(mark)}: {problem}")

    def read(self, events: Iterable[Any]) -> Any:
        """The data of the one document that the events tell of; None when there is none."""
        documents = 0
        for event in events:
            match event:
                case yaml.ScalarEvent():
                    self._scalar(event)
                case yaml.MappingStartEvent():
                    self._start(event, {}, "map")
                case yaml.SequenceStartEvent():
                    self._start(event, [], "seq")
                case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                    self._end(event)
                case yaml.AliasEvent():
                    self._alias(event)
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        raise self.fail(event.start_mark, "broken YAML: a second document begins")
        return self._root

    def _line(self, mark: Any) -> int:
        return (0 if mark is None else mark.line) + 1 + self.offset

    def _start(self, event: Any, value: Any, kind: str) -> None:
        if event.tag not in (None, "!", _SCALAR + kind):
            raise self.fail(event.start_mark, f"the tag {event.tag} is not one of YAML's core schema")
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.key is None and isinstance(parent.value, dict):
            raise self.fail(event.start_mark, "a key is not a plain value")
        if len(self._open) >= limits.DEPTH:
            raise self.fail(event.start_mark, f"more than {limits.DEPTH} objects and lists inside each other")
        if event.anchor is not None:
            self._anchors.pop(event.anchor, None)
        name = "" if parent is None else parent.key or parent.name
        at = self._place(parent, event)
        self._open.append(_Open(value=value, name=name, at=at, anchor=event.anchor, before=self.nodes))

    def _end(self, event: Any) -> None:
        done = self._open.pop()
        for source in done.merged:
            for key, value in source.items():
                done.value.setdefault(key, value)
        if done.anchor is not None:
            size = self.nodes - done.before + 1
            self._anchors[done.anchor] = _Anchored(
                value=done.value, text=None, at=done.at, nodes=size, height=done.height + 1
            )
        self._put(event, done.value, done.height + 1)

    def _scalar(self, event: Any) -> None:
        parent = self._open[-1] if self._open else None
        text = event.value
        if parent is not None and parent.key is None and type(parent.value) is dict:
            if event.anchor is not None:
                self._anchors[event.anchor] = _Anchored(value=text, text=text, at=(), nodes=1, height=0)
            self._key(event, parent, text)
            return
        at = self._place(parent, event)
        value = self._meaning(event, text)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value=value, text=text, at=at, nodes=1, height=0)
        self._put(event, value, 0)

    def _key(self, event: Any, parent: _Open, text: str) -> None:
        plain = event.implicit[0] if isinstance(event, yaml.ScalarEvent) else False
        if text == "<<" and plain and self.tolerant:
            parent.key = "<<"
            return
        if text in parent.value:
            raise self.fail(event.start_mark, f"the key {text[:200]!r} stands here twice")
        if plain and text.isdigit():
            self.integer_keys[parent.name] += 1
        parent.key = text
        # The place is taken now, so that a merge key does not change the order.
        parent.value[text] = None
        if self.lines is not None:
            self.lines[(*parent.at, text)] = self._line(event.start_mark)

    def _alias(self, event: Any) -> None:
        found = self._anchors.get(event.anchor)
        if found is None:
            inside = any(level.anchor == event.anchor for level in self._open)
            problem = "an alias leads into itself" if inside else f"the alias {event.anchor[:200]!r} leads nowhere"
            raise self.fail(event.start_mark, problem)
        parent = self._open[-1] if self._open else None
        if parent is not None and parent.key is None and isinstance(parent.value, dict):
            if found.text is None:
                raise self.fail(event.start_mark, "a key is not a plain value")
            self._key(event, parent, found.text)
            return
        if len(self._open) + found.height > limits.DEPTH:
            raise self.fail(event.start_mark, f"more than {limits.DEPTH} objects and lists inside each other")
        self.nodes += found.nodes - 1
        self.aliased += found.nodes
        if self.aliased > limits.ALIASED:
            raise self.fail(event.start_mark, "the YAML grows beyond reason through its aliases")
        at = self._place(parent, event)
        self._put(event, self._copy(found.value, found.at, at), found.height)

    def _copy(self, value: Any, old: tuple[str, ...], new: tuple[str, ...]) -> Any:
        if self.lines is not None and old in self.lines:
            self.lines.setdefault(new, self.lines[old])
        if isinstance(value, dict):
            return {key: self._copy(item, (*old, key), (*new, key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self._copy(item, (*old, str(i)), (*new, str(i))) for i, item in enumerate(value)]
        return value

    def _place(self, parent: _Open | None, event: Any) -> tuple[str, ...]:
        """Where the value that begins here stands; the way there is not tracked unless the lines are."""
        if self.lines is None:
            return ()
        if parent is None:
            at: tuple[str, ...] = ()
        else:
            at = (*parent.at, parent.key if parent.key is not None else str(len(parent.value)))
        self.lines.setdefault(at, self._line(event.start_mark))
        return at

    def _put(self, event: Any, value: Any, height: int) -> None:
        """A value is complete: it goes where it stands."""
        self.nodes += 1
        self._check_nodes(event)
        if not self._open:
            self._root = value
            return
        parent = self._open[-1]
        if height > parent.height:
            parent.height = height
        if type(parent.value) is list:
            parent.value.append(value)
        elif parent.key == "<<" and "<<" not in parent.value:
            self._merge(event, parent, value)
        else:
            parent.value[parent.key] = value
        parent.key = None

    def _merge(self, event: Any, parent: _Open, value: Any) -> None:
        sources = value if isinstance(value, list) else [value]
        if not all(isinstance(source, dict) for source in sources):
            raise self.fail(event.start_mark, "the merge key `<<` has a value that is not an object")
        parent.merged += sources
        self.repairs["merge_key"] += 1

    def _check_nodes(self, event: Any) -> None:
        if self.nodes > limits.NODES:
            raise self.fail(event.start_mark, f"the YAML holds more than {limits.NODES} values")

    def _meaning(self, event: Any, text: str) -> Any:
        tag = event.tag
        if event.implicit[0] and tag in (None, "!"):
            return self._plain(event, text)
        if tag in (None, "!", STR) or event.implicit[1]:
            return text
        if tag in _TEXTS and self.tolerant:
            self.repairs["yaml_scalar"] += 1
            return text
        pattern = CORE.get(tag)
        if pattern is None or not pattern.match(text):
            raise self.fail(event.start_mark, f"{tag} {text[:40]!r} is not of YAML's core schema")
        return self._number(event, text, tag) if tag in (_INT, _FLOAT) else _WORDS[text.lower()]

    def _plain(self, event: Any, text: str) -> Any:
        first = text[:1]
        if first in _NUMERIC and first:
            if CORE[_INT].match(text):
                return self._number(event, text, _INT)
            if CORE[_FLOAT].match(text):
                return self._number(event, text, _FLOAT)
            if self.tolerant and _TIMESTAMP.match(text):
                self.repairs["yaml_scalar"] += 1
        elif not first or (first in _WORDLY and (CORE[_NULL].match(text) or CORE[_BOOL].match(text))):
            return _WORDS[text.lower()]
        return text

    def _number(self, event: Any, text: str, tag: str) -> int | float:
        if len(text) > limits.DIGITS:
            raise self.fail(event.start_mark, f"a number of {len(text)} digits; {limits.DIGITS} are the most")
        if tag == _INT:
            return int(text, {"0o": 8, "0x": 16}.get(text[:2], 10))
        number = float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
        if not math.isfinite(number):
            raise self.fail(event.start_mark, f"{text[:40]!r} is not a number that JSON has")
        return number
