"""Forms of stations and enrolment."""

from wtforms import SelectChoice, SelectField

from salon.accounts.models import DEVICES, StationKind
from salon.badges.engine.qr import LONGEST_READING
from salon.platform.forms import CreatingForm, SalonForm, line, organisation_field, required


class CheckInForm(SalonForm):
    code = line(
        "Code du badge",
        required("Lisez un badge, ou tapez ses huit caractères."),
        length=LONGEST_READING,
    )


class StationForm(CreatingForm):
    name = organisation_field(
        "Nom de la station",
        required("Donnez un nom à la station."),
        length=40,
        description="Tel que vous le lirez dans la liste\u00a0: «\u00a0Téléphone de Nadia\u00a0».",
    )
    kind = SelectField(
        "Usage",
        choices=[SelectChoice(kind.value, kind.label) for kind in DEVICES],
        default=StationKind.SCANNER.value,
    )
    door = SelectField("Porte", description="L’appareil peut en changer pendant la journée.")

    def offer_doors(self, doors: list[tuple[str, str]]) -> None:
        """Set the doors to choose from: (code, label)."""
        self.door.choices = doors
