"""Fields that may be shared (champs), purposes (finalités), and the texts agreed to."""

from salon.platform.words.labels import LabelledEnum


class Field(LabelledEnum):
    """A field that a visitor may share with an exhibitor."""

    IDENTITY = "identity", "Nom, fonction et commune"
    EMAIL = "email", "Adresse électronique"
    PHONE = "phone", "Téléphone"


class Purpose(LabelledEnum):
    """A purpose of consent; none is needed to visit the fair."""

    FOLLOW_UP = "follow_up", "Être recontacté au sujet de ma demande"
    NEWS = "news", "Recevoir les informations et offres de cet exposant"

    @property
    def short_label(self) -> str:
        """Return the label shown to the exhibitor."""
        return {"follow_up": "Recontacter", "news": "Informations et offres"}[self.value]


TEXT_VERSION = "2021-1"
"""Version of the texts below, labels of purposes included; it changes with any of them."""

TEXTS = {
    "2021-1": {
        Purpose.FOLLOW_UP: (
            "{who} pourra vous écrire ou vous appeler pour répondre à ce que vous lui avez "
            "demandé au salon, et pour rien d’autre."
        ),
        Purpose.NEWS: "{who} pourra vous envoyer ses informations et ses offres commerciales.",
    }
}
"""Texts agreed to, by version; old ones stay, so that an old consent can be shown."""

SHORT = {Field.IDENTITY: "nom", Field.EMAIL: "courriel", Field.PHONE: "téléphone"}

NOT_SHARED = "Contact non partagé"


def consent_text(purpose: str, version: str, exhibitor_name: str) -> str:
    """Return the text that was agreed to, in this version."""
    texts = TEXTS.get(version, TEXTS[TEXT_VERSION])
    return texts[Purpose(purpose)].format(who=exhibitor_name)


def field_names(fields: frozenset[Field]) -> str:
    """Return « nom, courriel », in the order of Field."""
    return ", ".join(SHORT[field] for field in Field if field in fields)
