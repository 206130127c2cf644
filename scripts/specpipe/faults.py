"""The errors of the pipeline. Each is one sentence that names the file, line or pointer that is at fault.

A fault here is always the fault of an input (a page, an overlay, a tool, the tree); a mistake of the pipeline itself
comes out as the exception Python raises.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What a document gets wrong beyond repair, and where: a JSON pointer as a URI fragment."""

    pointer: str
    problem: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.problem}"


class SpecError(Exception):
    """The base of every error that the pipeline raises on purpose."""


class PageError(SpecError):
    """A vendored page or document cannot be read: no block, broken YAML, not OpenAPI 3, an unknown reference."""


class MergeError(SpecError):
    """Two pages of one API contradict each other."""


class TableError(SpecError):
    """The table of providers is incomplete or asks for an operation that no page holds."""


class OverlayError(SpecError):
    """An action of an overlay is malformed, hits another number of nodes than it says, or changes nothing."""


class DocumentError(SpecError):
    """The effective document is not valid OpenAPI."""


class GenerationError(SpecError):
    """The generator or the formatter failed, or the generator warned."""


class FinishError(SpecError):
    """The generated code is not of the shape that a finishing edit expects, or an edit has another count."""


class LossError(SpecError):
    """Something that the document holds is missing from the written package."""


class ToolError(SpecError):
    """An installed tool is not the pinned one."""


class LockError(SpecError):
    """The lock is missing or does not agree with the vendored files."""
