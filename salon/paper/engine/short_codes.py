"""Short codes: the number of a badge and two check digits, as printed on paper and typed back.

The check digits are those of ISO/IEC 7064, MOD 97-10: the whole number leaves 1 when divided by 97.
Any digit misread, and any two neighbours exchanged, is noticed.
"""

import re

MODULUS = 97
LARGEST_NUMBER = 2**31 - 1
SHORTEST, LONGEST = 3, len(str(LARGEST_NUMBER)) + 2
"""Digits of a short code, check digits included."""

BETWEEN_CODES = re.compile(r"[\n\r\t,;/]+")


def short_code(number: int) -> str:
    """Return « 1042 17 » for badge 1042."""
    digits = f"{number}{MODULUS + 1 - number * 100 % MODULUS:02d}"
    return f"{digits[:-2]} {digits[-2:]}"


def number_in(code: str) -> int | None:
    """Return the badge's number of a code, ignoring blanks; None when a digit is wrong or it is no
    code."""
    digits = "".join(code.split())
    if not (digits.isascii() and digits.isdigit() and SHORTEST <= len(digits) <= LONGEST):
        return None
    number = int(digits) // 100
    if digits[0] == "0" or not 0 < number <= LARGEST_NUMBER:
        return None
    return number if int(digits) % MODULUS == 1 else None


def codes_in(text: str) -> list[str]:
    """Return the codes of a text, right or wrong, in their order: one a line, or side by side.

    « 1042 17 1043 15 » is two codes: two digits alone are the end of what precedes them.
    """
    codes: list[str] = []
    for part in BETWEEN_CODES.split(text):
        words = part.split()
        while words:
            first = words.pop(0)
            if words and len(words[0]) == 2 and words[0].isdigit() and not _stands(first, words[0]):
                first = f"{first} {words.pop(0)}"
            codes.append(first)
    return codes


def _stands(word: str, following: str) -> bool:
    """Return whether a word is a code by itself, and not together with the two digits after it."""
    return number_in(word) is not None and number_in(word + following) is None
