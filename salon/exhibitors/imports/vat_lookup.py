"""Client of VIES, the Union’s register of VAT numbers: REST, POST `/check-vat-number`.

Documentation: https://ec.europa.eu/taxation_customs/vies/ (« VIES on the web », API). A requester
who gives its own VAT number is given a consultation number. Any failure is UNKNOWN.
"""

import json
from dataclasses import dataclass

from salon.exhibitors.models import VatAnswer
from salon.platform.web.outgoing import fetch

LONGEST = 40


@dataclass(frozen=True)
class VatConsultation:
    """The answer of VIES; `number` is that of the consultation, "" where none was given."""

    answer: VatAnswer
    number: str = ""


def consult(vat_number: str, requester: str, url: str, timeout: float) -> VatConsultation:
    """Ask VIES at `url` whether a VAT number is valid, in the name of `requester`."""
    question = {"countryCode": vat_number[:2], "vatNumber": vat_number[2:]}
    if requester:
        question["requesterMemberStateCode"] = requester[:2]
        question["requesterNumber"] = requester[2:]
    content = fetch(f"{url.rstrip('/')}/check-vat-number", timeout, question)
    try:
        return _read(json.loads(content or b"null"))
    except (ValueError, RecursionError):
        return VatConsultation(VatAnswer.UNKNOWN)


def _read(answer: object) -> VatConsultation:
    valid = answer.get("valid") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(valid, bool):
        return VatConsultation(VatAnswer.UNKNOWN)
    number = answer.get("requestIdentifier")
    is_printable = isinstance(number, str) and number.isprintable()
    return VatConsultation(
        VatAnswer.VALID if valid else VatAnswer.INVALID,
        str(number).strip()[:LONGEST] if is_printable else "",
    )
