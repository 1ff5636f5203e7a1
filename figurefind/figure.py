"""A figure while it is being read, and the two patterns that every part of the grammar shares."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: What may part the words of an expression: a hyphen, blanks, one line end.
GAP = r"(?:-|[ ]{1,3}|[ ]{0,3}\n[ ]{0,8})"
#: The next word behind an offset.
NEXT = re.compile(rf"({GAP})([^\W\d_]+)")


@dataclass(slots=True)
class Figure:
    """One expression; offsets are those of the view. `left` and `right` bound the number without its hedge."""

    left: int
    right: int
    kind: str
    number: int = 0  # the printed digits without the point and the minus
    minus: bool = False
    places: int = 0
    scale: int = 1
    unit: str = ""
    qualifier: str = "exact"
    worded: bool = False
    sign: str = ""  # the currency sign in front, as printed
    start: int = -1
    end: int = -1
    low: float | None = None
    high: float | None = None
    fixed: bool = False  # low and high are set already: a range, a vague plural
    lent: str = ""  # the scale and unit that a later number lends, spelled as `stated` has them
    digits: int = -1  # where the number alone ends, without its scale and unit
    iso: str = ""
    respell: bool = False  # as printed, the digits would be misread: "10.000", "2,9 %", "2½"
    whole: int = 1  # what it is a part of: "a third" is 100 of 3 percent, a cent 1 of 100 dollars
    noun: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The number with its sign, scale and decimal places."""
        return self.scaled(self.scale)

    def scaled(self, scale: int) -> float:
        """The number with its sign and decimal places, at another scale."""
        return (-1 if self.minus else 1) * self.number * scale / (self.whole * 10**self.places)

    @property
    def is_share(self) -> bool:
        """Whether it is printed as a part of a whole, as in "one in five"."""
        return self.whole > 1 and self.unit == "percent"

    @property
    def bare(self) -> bool:
        """Whether nothing but a number is printed."""
        return self.scale == 1 and not self.unit and not self.sign
