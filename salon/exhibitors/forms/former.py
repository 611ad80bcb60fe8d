"""Form of the invitation of former exhibitors."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import Regexp

from salon.platform.forms import CreatingForm


class InviteForm(CreatingForm):
    """The lines ticked are fields `row`; they come from a list or from an earlier edition."""

    rows = TextAreaField("Liste relue")
    source = HiddenField("Édition", validators=[Regexp(r"^\d{0,9}$")])
