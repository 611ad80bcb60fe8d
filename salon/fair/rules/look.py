"""Rules of the fair's colours: text is read on them, and they are read on the pages."""

from salon.fair.engine.colours import WHITE, contrast
from salon.platform.errors import RuleBroken

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of any size."""
SAND, INK = "#f6f1e7", "#14232e"
"""The ground of the pages, and the text."""


class ContrastTooLow(RuleBroken):
    status = 400


def check_main_colour(colour: str) -> None:
    """White text is read on the main colour, and the colour on the ground of the pages."""
    _check(colour, WHITE, "le blanc")
    _check(colour, SAND, "le fond des pages")


def check_accent_colour(colour: str) -> None:
    """The text of the pages is read on the accent colour."""
    _check(colour, INK, "le texte")


def _check(colour: str, other: str, name: str) -> None:
    ratio = contrast(colour, other)
    if ratio < LEAST_CONTRAST:
        words = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
        raise ContrastTooLow(
            f"{colour} et {name} : un contraste de {words} pour 1, il en faut 4,5. "
            "Choisissez une couleur plus foncée, ou plus claire pour la couleur d’accent."
        )
