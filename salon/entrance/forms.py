"""What is typed about the doors."""

from wtforms import SelectField

from salon.forms import CreatingForm, line, required


class StationForm(CreatingForm):
    name = line(
        "Nom de la station",
        required("Donnez un nom à la station."),
        length=40,
        description="Tel que vous le lirez dans la liste\u00a0: «\u00a0Téléphone de Nadia\u00a0».",
    )
    door = SelectField("Porte", description="L’appareil peut en changer pendant la journée.")

    def offer_doors(self, doors: list[tuple[str, str]]) -> None:
        """The doors to choose from: (code, label)."""
        self.door.choices = doors
