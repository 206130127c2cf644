"""Reading JSON in a way that every other reader agrees with. Owns the limits and the words of the errors; refuses
duplicate keys, numbers that JSON has not, and halves of surrogate pairs, and names the line.

Facts
- Python's decoder takes NaN, Infinity, 1e999 and lone surrogates, and keeps the last of two keys.
- It counts its own recursion, and gives up with RecursionError at about a thousand levels.
"""

import json
import math
import re
from collections import Counter
from typing import Any

from . import limits
from .faults import PageError
from .yamlio import Loaded

# Texts whole, so that what stands in them is not taken for structure.
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},:]', re.DOTALL)
_STRUCTURE = "[{,"
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


class BrokenJSONError(PageError):
    """The text is not JSON."""


class _Unusable(Exception):
    """The decoder met something that it would have taken; `key` is the key that stands twice."""

    def __init__(self, problem: str, key: str | None = None) -> None:
        super().__init__(problem)
        self.key = key


def load(text: str, *, file: str) -> Loaded:
    """The JSON as data, without lines. Raises PageError, which names the file, and the line where it is known."""
    _check_size(text, file)
    problem: PageError | None = None
    data = None
    try:
        data = json.loads(
            text, object_pairs_hook=_once, parse_int=_integer, parse_float=_finite, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        problem = BrokenJSONError(f"{file}:{error.lineno}: broken JSON: {error.msg}")
    except RecursionError:
        problem = _too_deep(file)
    except _Unusable as error:
        line = "" if error.key is None else f"{_line_of_second(text, error.key)}:"
        problem = PageError(f"{file}:{line} {error}")
    nodes = _count(data)
    if nodes is None:
        problem = problem or _too_deep(file)
    if problem is None and _ESCAPED_SURROGATE.search(text) and _SURROGATE.search(json.dumps(data, ensure_ascii=False)):
        problem = PageError(f"{file}: a text holds half of a surrogate pair, which no other reader takes")
    if problem is not None:
        raise problem
    return Loaded(data=data, nodes=nodes or 0)


def _check_size(text: str, file: str) -> None:
    if 1 + sum(text.count(character) for character in _STRUCTURE) <= limits.NODES:
        return
    # Commas in texts count for nothing, but are dear to tell apart.
    exact = 1 + sum(match[0] in _STRUCTURE for match in _TOKEN.finditer(text))
    if exact > limits.NODES:
        raise PageError(f"{file}: the JSON holds more than {limits.NODES} values")


def _count(data: Any) -> int | None:
    """How many values there are; None when they nest too deeply."""
    level, count = [data], 1
    for _ in range(limits.DEPTH):
        if not level:
            break
        inner = [
            item
            for value in level
            if isinstance(value, dict | list)
            for item in (value.values() if isinstance(value, dict) else value)
        ]
        count += len(inner)
        level = [item for item in inner if isinstance(item, dict | list)]
    return None if level else count


def _too_deep(file: str) -> PageError:
    return PageError(f"{file}: more than {limits.DEPTH} objects and lists inside each other")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        counts = Counter(key for key, _ in pairs)
        twice = next(key for key in counts if counts[key] > 1)
        raise _Unusable(f"the key {twice[:200]!r} stands twice in one object", twice)
    return result


def _integer(digits: str) -> int:
    if len(digits) > limits.DIGITS:
        raise _Unusable(f"a number of {len(digits)} digits; {limits.DIGITS} are the most")
    return int(digits)


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _Unusable(f"{digits[:40]} is not a number that JSON has")
    return number


def _constant(word: str) -> float:
    raise _Unusable(f"{word} is not a number that JSON has")


def _line_of_second(text: str, key: str) -> int:
    """The line on which an object has the key a second time, in the text that the decoder has taken so far."""
    open_keys: list[set[str]] = []
    token = ""
    start = 0
    for match in _TOKEN.finditer(text):
        if match[0] in "{[":
            open_keys.append(set())
        elif match[0] in "]}" and open_keys:
            open_keys.pop()
        elif match[0] == ":" and open_keys and json.loads(token, strict=False) == key:
            if key in open_keys[-1]:
                return text.count("\n", 0, start) + 1
            open_keys[-1].add(key)
        token, start = match[0], match.start()
    return 1
