"""Texts of the public pages that an organiser may write again; without theirs, the original."""

from collections.abc import Mapping
from dataclasses import dataclass

from salon.fair.models import Edition
from salon.platform.words.errors import BadInput


@dataclass(frozen=True)
class PageText:
    """A text in Markdown; `place` says where it is read."""

    label: str
    place: str
    original: str


PAGE_TEXTS: Mapping[str, PageText] = {
    "tagline": PageText(
        "Phrase d’accueil",
        "En haut de la page d’accueil, sous le nom du salon.",
        "Rencontrez, dans un même lieu, ceux qui aident les communes à financer, bâtir et équiper.",
    ),
    "village_home": PageText(
        "Le village, sur la page d’accueil",
        "Sous le titre du village.",
        "Le Département et ses partenaires, côte à côte. Venez avec une question, repartez avec un "
        "nom et une suite.",
    ),
    "village": PageText(
        "Le village, sur sa page",
        "En haut de la page du village.",
        "Le Département et ses partenaires, chacun sur son stand. Choisissez votre question ; le "
        "panneau dit où aller.",
    ),
    "themes": PageText(
        "Les thèmes",
        "Sur la page du village, avant la liste des thèmes.",
        "Chaque thème a son stand, celui du Département ou celui d’un partenaire. Lisez, puis "
        "venez poser la question qui concerne votre commune.",
    ),
    "programme": PageText(
        "Le programme",
        "En haut de la page du programme.",
        "Entrée libre avec le badge, dans la limite des places.",
    ),
    "scale": PageText(
        "Le salon en chiffres",
        "Sur la page d’accueil, après les chiffres.",
        "À titre de comparaison, le salon national, à Paris, c’est environ 50 000 visiteurs, "
        "1 200 exposants et 400 conférences sur trois jours. Ici, on se croise, et l’on se "
        "reconnaît.",
    ),
    "to_bring": PageText(
        "À prendre avec vous",
        "Sur la page « Venir au salon ».",
        "- **Votre badge**, sur le téléphone ou imprimé. Ouvrez-le une fois avant de partir : il "
        "s’affichera même sans réseau.\n"
        "- **Vos questions**, avec l’adresse ou le plan du projet s’il y en a un.\n"
        "- Un badge oublié n’est pas un souci : donnez votre nom à l’accueil, il est réimprimé.",
    ),
    "accessibility": PageText(
        "Accessibilité",
        "Sur la page « Venir au salon ».",
        "Dites-nous à l’inscription ce qui vous faciliterait la venue : place de stationnement "
        "réservée, place assise, boucle magnétique, interprète en langue des signes. L’accueil en "
        "est prévenu avant votre arrivée.",
    ),
    "stand_included": PageText(
        "Ce que comprend un stand",
        "Sur la première page d’une candidature d’exposant, sous les prix.",
        "",
    ),
    "postponed": PageText(
        "Salon reporté",
        "En haut de chaque page, tant que le salon reporté n’a pas de date.",
        "Nous annoncerons la nouvelle date ici, et par courriel aux inscrits. Les inscriptions et "
        "les badges restent valables ; les rendez-vous déjà pris sont gardés.",
    ),
    "cancelled": PageText(
        "Salon annulé",
        "En haut de chaque page, quand le salon est annulé.",
        "Les inscriptions et les rendez-vous n’ont plus lieu. Les inscrits, les exposants et les "
        "agents sont prévenus par courriel.",
    ),
    "after": PageText(
        "Après le salon",
        "Sur la page d’accueil, une fois le salon terminé.",
        "Merci d’être venus. Les thèmes restent en ligne : vous y retrouvez les chiffres et "
        "l’organisme à joindre.",
    ),
}

WAYS_IN: Mapping[str, str] = {
    "by_car": "En voiture",
    "by_bus": "En bus ou en car",
    "by_train": "En train",
    "step_free": "En fauteuil, de plain-pied",
    "lunch": "Déjeuner sur place",
}
"""Texts without an original: what is not written is not shown."""

TEXT_KEYS = frozenset({*PAGE_TEXTS, *WAYS_IN})


def text_of(edition: Edition, key: str) -> str:
    """Return the organiser's text, else the original; "" for a way in that is not written."""
    text = edition.texts.get(key, "")
    return text or (PAGE_TEXTS[key].original if key in PAGE_TEXTS else "")


def kept_texts(edition: Edition, texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts to keep after `texts` are written: an original or an empty one is not."""
    if not texts.keys() <= TEXT_KEYS:
        raise BadInput
    merged = {**edition.texts, **texts}
    return {
        key: text
        for key, text in sorted(merged.items())
        if text and (key not in PAGE_TEXTS or text != PAGE_TEXTS[key].original)
    }
