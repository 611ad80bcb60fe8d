"""The form of an act on an edition."""

from wtforms import HiddenField, SelectField

from salon.fair.rules.lifecycle import EditionAct
from salon.platform.pages.forms import SalonForm


class EditionActForm(SalonForm):
    """An act, with the states of all editions as they were read."""

    act = SelectField("Action", choices={act.value: act.label for act in EditionAct})
    stamp = HiddenField("État lu")
