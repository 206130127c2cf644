"""A value that must not be seen. Owns masking; refuses to be printed, formatted or pickled."""

from __future__ import annotations

from typing import Never

MASK = "****"


class Secret:
    """A secret text, such as the value of an API key or a private key in PEM.

    It shows `****` wherever it is printed, and cannot be pickled.
    `reveal()` is the one way to the text; call it in the expression that hands the text on,
    so that no variable of yours holds it.
    """

    __slots__ = ("__weakref__", "_text")

    def __init__(self, text: str) -> None:
        """Hold `text`. Raises TypeError, without showing it, for anything that is not a str."""
        is_text = isinstance(text, str)
        kind = type(text).__name__
        self._text = text if is_text else ""
        del text
        if not is_text:
            raise TypeError(f"a Secret holds a str, not {kind}")

    @classmethod
    def wrap(cls, value: Secret | str | None) -> Secret:
        """Return `value` as a Secret, whether it is one already or still plain text.

        Anything else becomes an empty one, which nobody accepts: raising here would leave bytes, say, in the locals of
        every frame on the way.
        """
        if isinstance(value, Secret):
            return value
        return cls(value if isinstance(value, str) else "")

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # it brings OpenSSL with it, and few compare secrets

        return compare_digest(self._text.encode(errors="surrogatepass"), other._text.encode(errors="surrogatepass"))

    def __hash__(self) -> int:
        return hash((Secret, self._text))

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> Never:
        raise TypeError("a Secret is not pickled; hand its text on with reveal()")


def is_unicode(text: str) -> bool:
    """Tell whether `text` has a form in UTF-8. What the environment or a command line could not decode has none."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
