"""Forms of the invitation of former exhibitors."""

from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField
from wtforms.validators import Regexp

from salon.platform.forms import CreatingForm, SalonForm


class FormerListForm(SalonForm):
    file = FileField(
        "Fichier CSV",
        validators=[FileRequired("Choisissez un fichier.")],
        render_kw={"accept": ".csv,text/csv"},
    )


class InviteForm(CreatingForm):
    """The rows ticked are fields `row`; they come from a list or from an earlier edition."""

    rows = HiddenField("Liste")
    source = HiddenField("Édition", validators=[Regexp(r"^\d{0,9}$")])
