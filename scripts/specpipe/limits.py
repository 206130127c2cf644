"""How much a document may be. Owns the numbers; each is far above what real documents hold, and low enough that a
document made to exhaust the machine is refused in seconds.

Facts
- The largest published documents known (Microsoft Graph, 2024) have 1.5 million values and nest 16 deep; the deepest of
  2,600 nests 34.
- Python refuses to turn more than 4,300 digits into a number, and every walk over a document is a recursion.
"""

BYTES = 64 * 2**20
"""Bytes of all files of a document together."""

NODES = 3_000_000
"""Values of all files of a document together, each inlined object counted as often as it is used."""

ALIASED = 300_000
"""Values of one YAML text that stand there by an alias alone."""

DEPTH = 150
"""Objects and lists inside each other."""

DIGITS = 400
"""Digits of one number; no finite float has more."""
