"""Fields that say in French, and in full, what they could not read."""

from typing import Any

from wtforms import DateField, DateTimeLocalField, IntegerField


class FrenchDateField(DateField):
    """A day; a wrong one is told in French."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un jour, par exemple 01/10/2021.") from None


class FrenchMomentField(DateTimeLocalField):
    """A day and an hour in Europe/Paris; a wrong one is told in French."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un jour et une heure.") from None


class WholeField(IntegerField):
    """A whole number; another one is told in French."""

    def process_formdata(self, valuelist: Any) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError("Indiquez un nombre entier.") from None
