"""Colours on screens and on paper: contrast as WCAG 2.2 defines it, tones made of a colour."""

import re

from salon.platform.words.errors import RuleBroken

COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
WHITE, BLACK = "#ffffff", "#000000"
LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3, for text of any size."""
Channels = tuple[int, int, int]


class ContrastTooLow(RuleBroken):
    status = 400

    def __init__(self, colour: str, background: str, ratio: float, advice: str) -> None:
        words = f"{int(ratio * 10) / 10:.1f}".replace(".", ",")
        super().__init__(
            f"{colour} et {background} : un contraste de {words} pour 1, il en faut 4,5. {advice}"
        )


def channels(colour: str) -> Channels:
    """Return red, green and blue of « #0b5670 », from 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Return the relative luminance, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(value / 255) for value in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, added: str, share: float) -> str:
    """Return a colour with a `share` of another in it."""
    pairs = zip(channels(colour), channels(added), strict=True)
    red, green, blue = (round(value * (1 - share) + mixed_in * share) for value, mixed_in in pairs)
    return f"#{red:02x}{green:02x}{blue:02x}"


def check_contrast(colour: str, background: str, name: str, advice: str) -> None:
    """Text in one of two colours is read on the other, called `name`. Raises ContrastTooLow."""
    ratio = contrast(colour, background)
    if ratio < LEAST_CONTRAST:
        raise ContrastTooLow(colour, name, ratio, advice)
