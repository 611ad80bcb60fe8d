"""Forms of the import of agents: the file, then the list carried by the preview."""

from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField
from wtforms.validators import InputRequired

from salon.platform.forms import CreatingForm, SalonForm


class AgentsFileForm(SalonForm):
    file = FileField(
        "Fichier CSV",
        validators=[FileRequired("Choisissez un fichier.")],
        render_kw={"accept": ".csv,.txt,text/csv"},
    )


class AgentsImportForm(CreatingForm):
    """Carries the list from its preview to its import."""

    rows = TextAreaField("Liste relue", validators=[InputRequired()])
