"""Drawing without a test around it. Owns the settings that make every draw the same in every run and every process.

Drawing takes many times as long as what is done with a value: whoever has several uses for values draws them once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

T = TypeVar("T")


def steady(examples: int) -> settings:
    """Return settings for `examples` draws that are the same each time, keep nothing on disk, and take their time.

    Strategies made of a schema filter a lot, and CPUs are shared: neither is a fault of what is tested.
    """
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=(HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large),
    )


def drawn(strategy: SearchStrategy[T], examples: int) -> tuple[T, ...]:
    """Return about `examples` values of `strategy`, the simplest first. Whoever takes them leaves them as they are."""
    values: list[T] = []

    @steady(examples)
    @given(strategy)
    def run(value: T) -> None:
        values.append(value)

    run()
    assert values, "nothing was drawn"
    return tuple(sorted(values, key=lambda value: len(repr(value))))


def spread(values: Sequence[T], number: int) -> list[T]:
    """Return `number` of the values, from the first to the last of them; all of them where they are no more."""
    steps = min(number, len(values)) - 1
    return [values[step * (len(values) - 1) // max(steps, 1)] for step in range(steps + 1)]


def for_each(values: Sequence[T], check: Callable[[T], object]) -> None:
    """Call `check` with each value. What it raises has a note of which it was: the simplest that was drawn."""
    assert values, "nothing was drawn"
    for value in values:
        try:
            check(value)
        except BaseException as error:  # what pytest fails with is no Exception
            error.add_note(f"with {value!r}")
            raise
