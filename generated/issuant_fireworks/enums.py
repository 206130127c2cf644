"""Enums that keep a value which the document does not list. Owns how such a value looks; refuses one of another type.

Facts
- Vendors add values long before their documents do. An unknown value becomes an object of the enum's class that equals
  the value and has it as `name` and `value`. It is no member: the enum's iteration and `in` know the listed ones alone.
"""

from enum import EnumType, IntEnum, ReprEnum, StrEnum
from typing import Self


class OpenEnumType(EnumType):
    """The type of the enums below; `value in Enum` asks whether the document lists the value."""

    def __contains__(cls, value: object) -> bool:
        # A JSON boolean equals 0 or 1, and is none of them.
        return isinstance(value, str | int | float) and not isinstance(value, bool) and value in cls._value2member_map_


class OpenStrEnum(StrEnum, metaclass=OpenEnumType):
    """An enum of strings."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        kept = str.__new__(cls, value)
        kept._name_ = kept._value_ = str(value)
        return kept


class OpenIntEnum(IntEnum, metaclass=OpenEnumType):
    """An enum of integers."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, bool) or not (isinstance(value, int) or (isinstance(value, float) and value.is_integer())):
            return None
        kept = int.__new__(cls, value)
        kept._name_, kept._value_ = str(int(value)), int(value)
        return kept


class OpenFloatEnum(float, ReprEnum, metaclass=OpenEnumType):
    """An enum of numbers."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        kept = float.__new__(cls, value)
        kept._name_, kept._value_ = str(float(value)), float(value)
        return kept


__all__ = ["OpenEnumType", "OpenFloatEnum", "OpenIntEnum", "OpenStrEnum"]
