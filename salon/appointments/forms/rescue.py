"""Form to confirm a rescue."""

from wtforms.validators import Regexp

from salon.platform.forms import SalonForm, SentField


class RescueForm(SalonForm):
    """Confirmation of a plan. `stamp`: of the plan that the author read."""

    stamp = SentField("Plan lu", validators=[Regexp(r"^[0-9a-f]{16}$")])
