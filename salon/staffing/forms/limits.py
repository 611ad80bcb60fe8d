"""Forms of the limits of working time: of a body, and the fields of an agent."""

from collections.abc import Iterable

from wtforms import Field, SelectField

from salon.platform.pages.forms import VersionForm
from salon.platform.words.formats import duration
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.engine.working_time import OF_BODIES, Employer


def half_hours_field(label: str, values: Iterable[int], unset: str) -> SelectField:
    """Return a choice among lengths, in half hours; « » leaves it unset."""
    choices = {"": unset, **{str(value): duration(value * HALF_HOUR) for value in values}}
    return SelectField(label, choices=choices, default="")


def lengths_of(fields: dict[str, Field]) -> dict[str, int]:
    """Return the lengths that are set, by limit."""
    return {limit: int(field.data) for limit, field in fields.items() if field.data}


class BodyLimitsForm(VersionForm):
    """The employer of a body, and its own rules."""

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
        return lengths_of({limit: self[limit] for limit in OF_BODIES})
