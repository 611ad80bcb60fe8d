"""Telephone numbers as people write them in France, and as they are dialled."""

import re

LABEL = re.compile(
    r"^[\s☎☏✆📞📱\ufe0f]*(?:(?:num[ée]ro(?: de)?|t[ée]l(?:[ée]phone)?|port(?:able)?|mob(?:ile)?|"
    r"fixe|standard|bureau|pro|perso|mairie|direct|directe|ligne|gsm|t|p|n(?=°))(?![^\W\d_])[\s.:°]*)*",
    re.IGNORECASE,
)
REMARK = re.compile(
    r"\s*\(?\b(?:portable|mobile|fixe|bureau|pro|perso|mairie|standard)\)?\.?$", re.IGNORECASE
)
SEPARATORS = re.compile(r"[\s\u00a0\u202f.,:;()\-–‑_*'’\"]+|(?<=\d)/(?=\d)|/$")
SHORT = re.compile(r"(?:3\d|10)\d\d|118\d{3}")
"""Short numbers that anybody may dial: 3949, 1014, 118 712; not those of the emergency services."""
CHARACTERS = re.compile(r"\+?[0-9 ]{4,24}")
FRANCE = {"FR": 33, "GP": 590, "GF": 594, "MQ": 596, "RE": 262, "YT": 262}
"""Regions, with their prefix, whose numbers are dialled without it; the mainland first."""
TEN_FROM_00 = re.compile(r"00(?:\W?\d){8}")
NATIONAL = re.compile(r"0[1-9]\d{8}")


def readable_number(text: str) -> str | None:
    """Return a number with its usual spaces, None when it cannot be dialled.

    « 04 67 67 67 67 », « 0262 12 34 56 », « 39 49 »; « +32 2 123 45 67 » for another country.
    """
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        is_valid_number,
        parse,
    )

    plain = _plain(text)
    digits = plain.replace(" ", "")
    if SHORT.fullmatch(digits):
        return " ".join(re.findall("..." if len(digits) == 6 else "..", digits))
    if not CHARACTERS.fullmatch(plain) or TEN_FROM_00.fullmatch(text.strip()):
        return None
    if not digits.startswith("+") and not NATIONAL.fullmatch(digits):
        return None
    try:
        numbers = [parse(plain, region) for region in FRANCE]
    except NumberParseException:
        return None
    number = next(filter(is_valid_number, numbers), numbers[0])
    if not is_possible_number(number):
        return None
    is_french = number.country_code in FRANCE.values()
    form = PhoneNumberFormat.NATIONAL if is_french else PhoneNumberFormat.INTERNATIONAL
    return format_number(number, form)


def holds_several_numbers(text: str) -> bool:
    """Return whether a text is two numbers, of which a person must choose one."""
    parts = re.split(r"[/;,|\n]|\b(?:et|ou|puis)\b|\s[-–]\s", text)
    return sum(readable_number(part) is not None for part in parts) > 1


def _plain(text: str) -> str:
    """Return the digits of a number and its « + »: « Tél : (0)4.67 » is « 04 67 »."""
    bare = REMARK.sub("", re.sub(r"(?<=\d{9})\.0$", "", LABEL.sub("", text.strip())))
    plain = SEPARATORS.sub(" ", bare.replace("(0)", "0")).strip()
    plain = re.sub(r"^(?:00 ?|\+ ?)(?=[1-9])", "+", plain)
    plain = re.sub(r"^\+?33 ?0?(?=[1-9](?: ?\d){8}$)", "0", plain)
    return re.sub(r"^(?=[1-9](?: ?\d){8}$)", "0", plain)
