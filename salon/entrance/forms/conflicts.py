"""Forms of the points to check."""

from wtforms import IntegerField, SelectChoice, SelectField
from wtforms.validators import InputRequired

from salon.entrance.models import ConflictKind, Settlement
from salon.platform.access import LAST_ROW
from salon.platform.forms import FilterForm, InRange, SalonForm, paragraphs

LONGEST_NOTE = 500
BY_HAND = {
    settlement.value: settlement.label
    for settlement in Settlement
    if settlement != Settlement.KNOWN_SINCE
}


class ConflictFilterForm(FilterForm):
    state = SelectField(
        "État", choices={"": "À régler", "settled": "Réglés", "all": "Tous"}, default=""
    )
    kind = SelectField(
        "Nature",
        choices=[
            SelectChoice("", "Toutes"),
            *(SelectChoice(kind.value, kind.label) for kind in ConflictKind),
        ],
        default="",
    )


class SettleForm(SalonForm):
    settlement = SelectField(
        "Décision", choices=BY_HAND, validators=[InputRequired("Choisissez une décision.")]
    )
    note = paragraphs(
        "Note",
        length=LONGEST_NOTE,
        rows=2,
        description="Ce qu’il faut savoir si la question revient. Elle reste avec ce point.",
    )


class SettleKindForm(SalonForm):
    kind = SelectField("Nature", choices=ConflictKind.choices())
    settlement = SelectField("Décision", choices=BY_HAND)
    up_to = IntegerField("Jusqu’à", validators=[InputRequired(), InRange(1, LAST_ROW, "Inconnu.")])
