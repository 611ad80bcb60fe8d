"""Forms of a meeting, and of the badge of a visitor who is present."""

from wtforms import Form, FormField, RadioField, SelectField
from wtforms.validators import InputRequired, Optional

from salon.appointments.forms.fields import WholeEuros
from salon.appointments.models import Outcome, StepKind
from salon.appointments.rules.meeting import LONGEST_NOTE, MOST_EUROS, MOST_STEPS
from salon.badges.engine.qr import LONGEST_READING
from salon.platform.pages.fields import FrenchDateField
from salon.platform.pages.forms import (
    InRange,
    NumberedList,
    SalonForm,
    VersionForm,
    line,
    paragraphs,
    required,
)
from salon.platform.pages.forms.checks import ExtraValidators

LONGEST_STEP = 200
"""Years whose dates can be computed with."""


def euros(label: str) -> WholeEuros:
    """Return an optional field of an amount in euros."""
    too_much = "Ce montant paraît trop grand\u00a0: vérifiez-le."
    keys = {"inputmode": "numeric", "type": "text", "maxlength": 20, "autocomplete": "off"}
    return WholeEuros(
        label, validators=[Optional(), InRange(0, MOST_EUROS, too_much)], render_kw=keys
    )


class StepForm(Form):
    """A promise. A line without kind, words and day is ignored."""

    kind = SelectField("C’est", choices=StepKind.choices("–"), default="")
    words = line("En quelques mots", length=LONGEST_STEP, autocomplete="off")
    owner = line("Qui s’en charge", autocomplete="off")
    due_on = FrenchDateField("Pour le", validators=[Optional()])

    @property
    def is_blank(self) -> bool:
        day = "".join(self.due_on.raw_data or ()).strip()
        return not self.kind.data and not self.words.data and not day

    def validate(self, extra_validators: ExtraValidators = None) -> bool:
        if self.is_blank:
            return True
        valid = bool(super().validate(extra_validators))
        for field, missing in (
            (self.kind, "Dites ce qui est promis."),
            (self.owner, "Dites qui s’en charge."),
        ):
            if not field.data and not field.errors:
                field.errors = [missing]
                valid = False
        return valid


class AccountForm(VersionForm):
    """The account of a meeting. `version`: the optimistic lock."""

    outcome = RadioField(
        "Comment s’est terminé l’entretien\u00a0?",
        choices=Outcome.choices(),
        validators=[InputRequired("Dites comment l’entretien s’est terminé.")],
    )
    note = paragraphs("Note", length=LONGEST_NOTE)
    steps = NumberedList(FormField(StepForm, "Suite"), "Suite", max_entries=MOST_STEPS)

    @property
    def filled(self) -> list[Form]:
        """Return the forms of the lines that are not blank."""
        return [entry.form for entry in self.steps if not entry.form.is_blank]

    def add_line(self, owner: str) -> None:
        """Add a blank line, up to MOST_STEPS."""
        if len(self.steps) < MOST_STEPS:
            self.steps.append_entry({"owner": owner})


class FundedAccountForm(AccountForm):
    """The account of a meeting on a subsidy."""

    cost = euros("Coût du projet")
    others = euros("Autres financements")
    funders = line("Autres financeurs", length=LONGEST_STEP, autocomplete="off")
    aid = euros("Aide demandée")


class BadgeForm(SalonForm):
    """A scanned badge, or its eight characters typed."""

    code = line(
        "Code du badge",
        required("Lisez un badge, ou tapez ses huit caractères."),
        length=LONGEST_READING,
    )
