"""Drawing without a test around it. Owns the settings that make every draw the same in every run and every process."""

from __future__ import annotations

from collections.abc import Callable
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


def for_each(strategy: SearchStrategy[T], examples: int, check: Callable[[T], None]) -> None:
    """Call `check` with `examples` values of `strategy`. What it raises is raised for the simplest such value."""
    seen = 0

    @steady(examples)
    @given(strategy)
    def run(value: T) -> None:
        nonlocal seen
        seen += 1
        check(value)

    run()
    assert seen, "nothing was drawn"


def drawn(strategy: SearchStrategy[T], examples: int) -> list[T]:
    """Return about `examples` values of `strategy`."""
    values: list[T] = []
    for_each(strategy, examples, values.append)
    return values
