"""Telephone numbers as people read them in France."""

import re

CHARACTERS = re.compile(r"[+0-9][0-9 .()\-\u00a0\u202f]{5,29}")
FRANCE = {"FR": 33, "GP": 590, "GF": 594, "MQ": 596, "RE": 262, "YT": 262}
"""Regions, with their prefix, whose numbers are dialled without it; the mainland first."""


def readable_number(text: str) -> str | None:
    """Return a number with its usual spaces, None when it is not complete.

    « 04 67 67 67 67 », « 0262 12 34 56 »; « +32 2 123 45 67 » for another country.
    """
    from phonenumbers import (
        NumberParseException,
        PhoneNumberFormat,
        format_number,
        is_possible_number,
        is_valid_number,
        parse,
    )

    if not CHARACTERS.fullmatch(text):
        return None
    spaced = re.sub(r"\s", " ", text)  # the library does not know every space
    try:
        numbers = [parse(spaced, region) for region in FRANCE]
    except NumberParseException:
        return None
    number = next(filter(is_valid_number, numbers), numbers[0])
    if not is_possible_number(number):
        return None
    is_french = number.country_code in FRANCE.values()
    form = PhoneNumberFormat.NATIONAL if is_french else PhoneNumberFormat.INTERNATIONAL
    return format_number(number, form)
