"""Fields whose messages about unreadable input are whole French sentences."""

from datetime import date
from typing import Any

from wtforms import DateField, DateTimeLocalField, IntegerField

YEARS = range(2000, 2200)  # beyond, a delay or an hour more leaves the calendar of the computer


def check_year(read: date | None) -> None:
    if read is not None and read.year not in YEARS:
        raise ValueError


class FrenchDateField(DateField):
    """A day."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
            check_year(self.data)
        except ValueError:
            raise ValueError("Indiquez un jour, par exemple 01/10/2021.") from None


class FrenchMomentField(DateTimeLocalField):
    """A day and an hour in Europe/Paris."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
            check_year(self.data)
        except ValueError:
            raise ValueError("Indiquez un jour et une heure.") from None


class WholeField(IntegerField):
    """A whole number."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un nombre entier.") from None
