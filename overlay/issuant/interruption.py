"""What an interruption carries. Owns hanging what came of an operation by then, as its `outcome`, on what ended it:
a KeyboardInterrupt or a cancellation goes on as itself, and yet what was made (a private key, say) must not be lost
with it. Refuses to take the place of the interruption, and to replace an `outcome` that it has already.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, Generic, Protocol, TypeVar

from issuant.errors import IssuantError


class Step(Protocol):
    """A step of an operation."""

    @property
    def acts(self) -> bool:
        """Whether it changes something at the provider."""


S = TypeVar("S", bound=Step)


def tell(flow: Generator[Any, Any, Any], error: IssuantError, stop: BaseException) -> None:
    """Hang on what interrupted a step of `flow` what the flow makes of `error`.

    The flow is told that the step has no result, and what it answers is kept. Where it would go on, or do without,
    `error` itself is.
    """
    try:
        flow.throw(error)
    except IssuantError as answer:
        error = answer
    except StopIteration:  # it must not take the place of `stop`
        pass
    flow.close()
    _hang(error, stop)


class Deed(Generic[S]):
    """What a flow has done so far: the latest step, or the latest that changes something, where there is one.

    An interruption between two steps ends the generator, and what it knew is gone with it; the step is not.
    """

    __slots__ = ("_step",)

    def __init__(self) -> None:
        self._step: S | None = None

    def note(self, step: S) -> None:
        """Take note of a step that is about to be carried out."""
        if self._step is None or step.acts or not self._step.acts:
            self._step = step

    def tell(self, interrupted: Callable[[S], IssuantError], stop: BaseException) -> None:
        """Hang on what ended the flow between two steps what came of it by then, as `interrupted` tells it."""
        if self._step is None or isinstance(stop, IssuantError) or "outcome" in vars(stop):
            return
        _hang(interrupted(self._step), stop)


def _hang(error: IssuantError, stop: BaseException) -> None:
    error.__context__ = None
    stop.__dict__["outcome"] = error
    stop.add_note(str(error))
