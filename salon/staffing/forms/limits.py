"""Forms of the limits of working time: of a body, and the fields of an agent."""

from collections.abc import Iterable
from datetime import timedelta

from wtforms import Field, HiddenField, SelectField

from salon.platform.pages.forms import SalonForm
from salon.platform.words.formats import duration
from salon.staffing.engine.working_time import Employer

HALF_HOUR = timedelta(minutes=30)


def half_hours_field(label: str, values: Iterable[int], unset: str) -> SelectField:
    """Return a choice among lengths, in half hours; « » leaves it unset."""
    choices = {"": unset, **{str(value): duration(value * HALF_HOUR) for value in values}}
    return SelectField(label, choices=choices, default="")


def lengths_of(fields: dict[str, Field]) -> dict[str, int]:
    """Return the lengths that are set, by limit."""
    return {limit: int(field.data) for limit, field in fields.items() if field.data}


class BodyLimitsForm(SalonForm):
    """The employer of a body, and its own rules."""

    version = HiddenField("Version")
    body = SelectField("Organisme")
    employer = SelectField("Employeur", choices=Employer.choices())
    day = half_hours_field("Travail par jour, au plus", range(2, 25), "comme la loi")
    width = half_hours_field(
        "Du début à la fin de la journée, au plus", range(8, 27), "comme la loi"
    )
    run = half_hours_field("Travail sans pause, au plus", range(2, 12), "comme la loi")
    night = half_hours_field("Repos entre deux jours, au moins", range(18, 33), "comme la loi")
    week = half_hours_field("Travail par semaine, au plus", range(14, 97, 2), "comme la loi")

    @property
    def rules(self) -> dict[str, int]:
        names = ("day", "width", "run", "night", "week")
        return lengths_of({name: self[name] for name in names})
