"""Forms of exhibitors billed together."""

from wtforms import HiddenField, SelectField
from wtforms.validators import Regexp

from salon.platform.pages.forms import SalonForm


class PayerForm(SalonForm):
    """Who pays for an exhibitor, "" for itself; `former`: who did when the page was read."""

    payer = SelectField("Facturé avec", default="")
    former = HiddenField("Payeur lu", validators=[Regexp(r"^\d{0,9}$")])


class MembersForm(SalonForm):
    """The members of a pavilion that the page listed, by id."""

    listed = HiddenField("Liste", validators=[Regexp(r"^\d{1,9}( \d{1,9})*$")])
