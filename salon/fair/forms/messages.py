"""Forms of the organiser's words in messages."""

from wtforms import TextAreaField
from wtforms.validators import Optional

from salon.platform.pages.forms import StampForm, check_email, line, organisation_field, paragraphs

LONGEST_SUBJECT = 150
LONGEST_TEXT = 2_000


class SenderForm(StampForm):
    sender_name = organisation_field("Nom de l’expéditeur", length=80, autocomplete="off")
    reply_to = line(
        "Adresse de réponse",
        Optional(),
        check_email,
        length=254,
        type="email",
        description="Où arrive une réponse. Vide : à l’adresse qui envoie.",
        autocomplete="off",
    )
    signature = paragraphs(
        "Signature",
        length=500,
        rows=3,
        description="À la fin de chaque message. Vide : « L’équipe du salon ».",
    )


def _text(label: str, hint: str) -> TextAreaField:
    return paragraphs(label, length=LONGEST_TEXT, rows=4, description=hint)


class WordingForm(StampForm):
    """The texts of a kind of message; an empty one, or one that is fixed, is the original."""

    subject = line("Objet", length=LONGEST_SUBJECT, autocomplete="off")
    opening = _text("Introduction", "Après la formule d’appel.")
    closing = _text("Fin", "Avant la signature.")

    @property
    def values(self) -> dict[str, str]:
        return {"subject": "", "opening": "", "closing": "", **super().values}
