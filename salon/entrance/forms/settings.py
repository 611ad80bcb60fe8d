"""Form of the rules of the doors."""

from wtforms import BooleanField, PasswordField, RadioField
from wtforms.validators import Optional, Regexp

from salon.platform.forms import (
    VersionForm,
    paragraphs,
)

LAYOUTS = {"a6": "Badge A6, à plier", "62mm": "Étiquette, rouleau de 62\u00a0mm"}


class SettingsForm(VersionForm):
    lets_unknown_in = RadioField(
        "Un badge bien formé que l’appareil ne connaît pas encore",
        choices={"yes": "Laisser entrer, et le vérifier ensuite", "no": "Adresser à l’accueil"},
        description=(
            "Une inscription de dernière minute n’est pas encore dans la liste d’un appareil "
            "sans réseau. Dans les deux cas le passage est gardé."
        ),
    )
    kiosk_layout = RadioField("Ce que la borne imprime", choices=LAYOUTS)
    kiosk_prints = RadioField(
        "Où la borne imprime",
        choices={"yes": "Sur sa propre imprimante", "no": "Sur un poste d’impression"},
    )
    pin = PasswordField(
        "Nouveau code de sortie des bornes",
        validators=[Optional(), Regexp(r"^[0-9]{4,8}\Z", message="De 4 à 8 chiffres.")],
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": 8},
    )
    forget_pin = BooleanField("Ne plus demander de code")
    urgent_numbers = paragraphs(
        "Numéros d’urgence",
        length=1_000,
        rows=5,
        description=(
            "Un par ligne, imprimés sur le dossier papier\u00a0: «\u00a0SAMU\u00a0: 15\u00a0»."
        ),
    )
