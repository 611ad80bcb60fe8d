"""Enumerations whose members are stored in English and read in French."""

from enum import StrEnum
from typing import Self


class LabelledEnum(StrEnum):
    """An enumeration whose members are `NAME = "value", "French label"`."""

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls, blank: str = "") -> dict[str, str]:
        """Return value → label of each member, for a field; `blank` labels the empty choice."""
        return {**({"": blank} if blank else {}), **{member.value: member.label for member in cls}}
