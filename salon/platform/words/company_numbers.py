"""Numbers of companies: SIRET (INSEE), RNA, intra-community VAT number."""

from salon.platform.words.errors import BadInput

ASSOCIATION_NUMBER = r"[Ww][0-9][0-9ABab][0-9]{7}"
"""A number of the *répertoire national des associations*."""


class WrongSiret(BadInput):
    message = "Ce numéro SIRET n’est pas valable : relisez ses 14 chiffres."


def check_siret(text: str) -> str:
    """Return the 14 digits of a valid SIRET, La Poste's (SIREN 356 000 000) included."""
    from stdnum.exceptions import ValidationError
    from stdnum.fr import siret as siret_number

    try:
        return str(siret_number.validate(text))
    except ValidationError:
        raise WrongSiret from None
