"""The structure of a document, made such that every later step can trust it. The table of what OpenAPI's objects hold
is `objects.py`; what does no harm is mended and counted, what cannot be used is a fault.
"""

from .checking import Sound, check

__all__ = ["Sound", "check"]
