"""Texts as they are compared."""

import re
import unicodedata

EXPANSIONS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d"})


def folded(text: str) -> str:
    """Words without accents, case or signs, one space between them."""
    text = unicodedata.normalize("NFKD", text.casefold().translate(EXPANSIONS))
    letters = "".join(one for one in text if not unicodedata.combining(one))
    words = re.sub(r"[^\w]+|_", " ", letters).split()
    return " ".join(words)
