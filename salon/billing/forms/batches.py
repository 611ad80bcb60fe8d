"""Forms of documents issued together, and of orders confirmed together."""

from wtforms import Field, HiddenField, RadioField
from wtforms.validators import InputRequired, Optional, Regexp, ValidationError

from salon.billing.engine.agreements import OrderWay
from salon.billing.forms import day_field
from salon.platform.pages.forms import SalonForm, checkboxes

PAIRS = Regexp(r"^\d{1,9}-\d{1,9}( \d{1,9}-\d{1,9})*$")


class BatchForm(SalonForm):
    """Documents to issue together: those listed that are left, the number done, the total.

    `listed`: « exhibitor-document », the last document of each when the list was read.
    """

    listed = HiddenField("Liste", validators=[PAIRS])
    done = HiddenField("Établies", default="0", validators=[Regexp(r"^\d{1,6}$")])
    total = HiddenField("En tout", default="0", validators=[Regexp(r"^\d{1,6}$")])


class OrdersForm(BatchForm):
    """Orders to confirm together, `chosen` first and `listed` then; how and when they were agreed.

    `chosen`: as `listed`, one by one.
    """

    listed = HiddenField("Liste", default="", validators=[Optional(), PAIRS])
    chosen = checkboxes("Commandes", validate_choice=False)
    way = RadioField(
        "Accord reçu",
        choices=OrderWay.choices(),
        validators=[InputRequired("Choisissez comment l’accord est arrivé.")],
    )
    received_on = day_field("Reçu le", "Indiquez le jour où l’accord est arrivé.")

    def validate_chosen(self, field: Field) -> None:
        if not field.data and not self.listed.data:
            raise ValidationError("Cochez au moins une commande.")
