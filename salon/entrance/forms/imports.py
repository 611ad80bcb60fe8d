"""Form to upload a station's queue as a file."""

from flask_wtf.file import FileField, FileRequired
from wtforms import SelectField

from salon.platform.forms import SalonForm


class ImportForm(SalonForm):
    file = FileField(
        "Fichier des passages",
        validators=[FileRequired("Choisissez un fichier.")],
        description="Celui que la station a donné par «\u00a0Exporter les passages\u00a0».",
        render_kw={"accept": ".json,application/json"},
    )
    station = SelectField(
        "Station",
        description="Le fichier la nomme d’ordinaire. Choisissez-la s’il ne la nomme pas.",
        default="",
    )

    def offer_stations(self, stations: list[tuple[str, str]]) -> None:
        """Set the stations to choose from: (number, name)."""
        self.station.choices = [("", "Celle que nomme le fichier"), *stations]
