"""What is confirmed of a rescue."""

from wtforms.validators import Regexp

from salon.platform.forms import SalonForm, SentField


class RescueForm(SalonForm):
    """The plan that the author read."""

    stamp = SentField("Plan lu", validators=[Regexp(r"^[0-9a-f]{16}$")])
