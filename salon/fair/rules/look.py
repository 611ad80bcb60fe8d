"""Rules of the fair's colours: text is read on them, and they are read on the pages."""

from salon.platform.words.colours import WHITE, check_contrast

SAND, INK = "#f6f1e7", "#14232e"
"""The ground of the pages, and the text."""
ADVICE = "Choisissez une couleur plus foncée, ou plus claire pour la couleur d’accent."


def check_main_colour(colour: str) -> None:
    """White text is read on the main colour, and the colour on the ground of the pages."""
    check_contrast(colour, WHITE, "le blanc", ADVICE)
    check_contrast(colour, SAND, "le fond des pages", ADVICE)


def check_accent_colour(colour: str) -> None:
    """The text of the pages is read on the accent colour."""
    check_contrast(colour, INK, "le texte", ADVICE)
