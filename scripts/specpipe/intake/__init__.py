"""From a path or an address to one document in memory: JSON or YAML, in one file or in several. Nothing below this
knows where a document came from.
"""

from .reading import Intake, checked, contents, parsed, read, read_data

__all__ = ["Intake", "checked", "contents", "parsed", "read", "read_data"]
