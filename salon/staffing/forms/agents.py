"""Forms about an agent, for organisers, coordinators and the agent."""

from collections.abc import Sequence
from datetime import datetime

from wtforms import (
    BooleanField,
    Form,
    FormField,
    RadioField,
    SelectField,
)
from wtforms.validators import InputRequired

from salon.platform.pages.fields import phone_field
from salon.platform.pages.forms import (
    CreatingForm,
    FilterForm,
    NumberedList,
    SalonForm,
    VersionForm,
    checkboxes,
    email,
    identity_field,
    line,
    required,
    version_field,
)
from salon.platform.pages.forms.checks import ExtraValidators
from salon.platform.words.people import Civility
from salon.staffing.engine.working_time import OF_AGENTS, Age
from salon.staffing.forms.limits import half_hours_field, lengths_of
from salon.staffing.models import AgentNeed, Language, PeriodKind
from salon.staffing.queries.agents_list import LACKS
from salon.staffing.rules.agents import MOST_PERIODS

AS_OTHERS = "comme les autres"
LONGEST_NOTE = 300
LONGEST_REASON = 120
FIRST_PERIODS = 1


class PeriodForm(Form):
    """An absence, or a time the agent would rather have free. A blank line is ignored."""

    kind = SelectField(
        "C’est",
        choices={
            PeriodKind.UNAVAILABLE.value: "une absence",
            PeriodKind.AVOIDED.value: "un souhait\u00a0: préfère ne pas travailler",
        },
    )
    starts_at = SelectField("De", default="")
    ends_at = SelectField("À", default="")
    note = line("Motif", length=LONGEST_REASON, autocomplete="off")

    @property
    def is_blank(self) -> bool:
        return not self.starts_at.data and not self.ends_at.data

    def validate(self, extra_validators: ExtraValidators = None) -> bool:
        if self.is_blank:
            return True
        valid = bool(super().validate(extra_validators))
        for field, missing in (
            (self.starts_at, "Dites quand elle commence."),
            (self.ends_at, "Dites quand elle finit."),
        ):
            if not field.data:
                field.errors = [missing]
                valid = False
        return valid


class OnTheDayFields(Form):
    """The fields that agents may fill themselves."""

    languages = checkboxes("Langues, en plus du français", Language.choices())
    needs = checkboxes("Besoins sur place", AgentNeed.choices())
    needs_note = line("Précisions sur ces besoins", length=LONGEST_NOTE, autocomplete="off")
    periods = NumberedList(
        FormField(PeriodForm, "Absence ou souhait"),
        "Absence",
        min_entries=FIRST_PERIODS,
        max_entries=MOST_PERIODS,
    )
    wished = checkboxes("Stands préférés", coerce=int)

    def offer_hours(self, starts: dict[str, str], ends: dict[str, str]) -> None:
        """Set the choices of hours on each line."""
        for entry in self.periods:
            entry.form.starts_at.choices = {"": "–", **starts}
            entry.form.ends_at.choices = {"": "–", **ends}

    @property
    def filled(self) -> list[Form]:
        """Return the lines that are not blank."""
        return [entry.form for entry in self.periods if not entry.form.is_blank]

    def add_period(self, starts: dict[str, str], ends: dict[str, str]) -> None:
        """Add one more line, while there is room."""
        if len(self.periods) < MOST_PERIODS:
            self.periods.append_entry()
        self.offer_hours(starts, ends)


class AgentFields(OnTheDayFields):
    """All the fields of an agent: person, themes, stands, hours."""

    civility = RadioField(
        "Civilité",
        choices=Civility.choices(),
        validators=[InputRequired("Choisissez la civilité.")],
        default="",
    )
    first_name = identity_field("Prénom", required("Indiquez le prénom."), autocomplete="off")
    last_name = identity_field("Nom", required("Indiquez le nom."), autocomplete="off")
    function = line("Fonction", autocomplete="off")
    email = email(autocomplete="off")
    phone = phone_field(autocomplete="off")
    body = SelectField(
        "Organisme", coerce=int, validators=[InputRequired("Choisissez l’organisme.")]
    )
    themes = checkboxes("Thèmes sur lesquels il ou elle peut répondre", coerce=int)
    stands = checkboxes("Stands qu’il ou elle peut tenir", coerce=int)
    arrives_at = SelectField("Arrivée", default="")
    leaves_at = SelectField("Départ", default="")
    age = SelectField("Âge", choices=Age.choices(), default=Age.ADULT.value)
    most_day = half_hours_field("Travail par jour, au plus", range(1, 20), AS_OTHERS)
    most_run = half_hours_field("Travail sans pause, au plus", range(1, 11), AS_OTHERS)
    most_week = half_hours_field("Travail par semaine, au plus", range(1, 96), AS_OTHERS)
    is_coordinator = BooleanField("Coordonne les agents de son organisme")

    @property
    def limits(self) -> dict[str, int | str]:
        """Return the age, when it is not an adult's, and the personal limits that are set."""
        fields = {limit.value: self[f"most_{limit}"] for limit in OF_AGENTS}
        age = {} if self.age.data == Age.ADULT else {"age": self.age.data}
        return {**age, **lengths_of(fields)}

    def offer_hours(self, starts: dict[str, str], ends: dict[str, str]) -> None:
        super().offer_hours(starts, ends)
        self.arrives_at.choices = {"": "Dès l’ouverture du stand", **starts}
        self.leaves_at.choices = {"": "Jusqu’à la fermeture du stand", **ends}


class AddAgentForm(AgentFields, CreatingForm):
    pass


class ChangeAgentForm(AgentFields, SalonForm):
    version = version_field()


class WishesForm(OnTheDayFields, SalonForm):
    version = version_field()


class RemoveAgentForm(VersionForm):
    confirmed = BooleanField("Retirer aussi ses vacations publiées")


class AgentFilterForm(FilterForm):
    q = line("Nom, fonction ou courriel", length=100, type="search", autocomplete="off")
    body = SelectField("Organisme", default="")
    lacks = SelectField("Il manque", choices={"": "Tous", **LACKS}, default="")


def as_instant(text: str | None) -> datetime | None:
    """Return the instant of a choice of hour."""
    return datetime.fromisoformat(text) if text else None


def hour_choices(instants: Sequence[datetime], labels: Sequence[str]) -> dict[str, str]:
    """Return the choices of a select of hours, by instant."""
    return {at.isoformat(): label for at, label in zip(instants, labels, strict=True)}
