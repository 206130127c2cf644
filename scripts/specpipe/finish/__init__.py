"""What the generator leaves to be desired for any document, mended in its output: one Client, no secret in a repr,
models on demand, readers and writers of what vendors really send, replies that cannot be parsed as typed errors. Every
edit is counted, and a count that is not the expected one fails the build.
"""

from .package import Finished, finish

__all__ = ["Finished", "finish"]
