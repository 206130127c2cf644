"""Whether an exception shows a value anywhere: in its text, its chain, or the frames of generated code."""

from __future__ import annotations

import traceback
from pathlib import Path
from types import FrameType, TracebackType

from tests.generated.packages import SECRET


def assert_hidden(error: BaseException) -> None:
    """The value stands in nothing that the exception shows or that its frames of ours hold."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    frames = 0
    while waiting:
        current = waiting.pop()
        if current is None or id(current) in seen:
            continue
        seen.add(id(current))
        waiting += [current.__cause__, current.__context__]
        shown = [str(current), repr(current), repr(current.args), repr(vars(current))]
        assert not [text for text in shown if SECRET in text]
        for frame in _frames(current.__traceback__):
            if _is_generated(frame):
                frames += 1
                held = {name: repr(value) for name, value in frame.f_locals.items()}
                assert not [name for name, text in held.items() if SECRET in text], frame.f_code.co_qualname
    assert frames, "no frame of a generated package was looked at"
    assert SECRET not in "".join(traceback.format_exception(error))


def _frames(trace: TracebackType | None) -> list[FrameType]:
    frames = []
    while trace is not None:
        frames.append(trace.tb_frame)
        trace = trace.tb_next
    return frames


def _is_generated(frame: FrameType) -> bool:
    folders = Path(frame.f_code.co_filename).parts
    return "generated" in folders and "tests" not in folders
