"""Text of a document on its way to a terminal. Owns which characters may pass; refuses nothing, it writes the rest as
escapes: a document may name its paths and schemas in any characters, and a terminal obeys some of them.
"""


def printable(line: str) -> str:
    """The line without what a terminal would obey."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
