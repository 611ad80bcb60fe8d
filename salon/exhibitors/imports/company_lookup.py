"""Client of the State's company search: recherche-entreprises.api.gouv.fr, `/search`.

Documentation: https://recherche-entreprises.api.gouv.fr/docs/ (7 requests a second, then 429). Any
failure returns None: an application never waits for that service.
"""

import json
from collections.abc import Iterator
from urllib.parse import urlencode

from salon.exhibitors.engine.company import Company
from salon.exhibitors.models import OrganisationKind
from salon.platform.web.outgoing import fetch

LONGEST = 200
CLOSED = ("F", "C")
"""An establishment is « A » or « F » (fermé), a legal unit « A » or « C » (cessée)."""
HIDDEN = "[NON-DIFFUSIBLE]"
"""Value of the name, address and postal code of companies that INSEE must not publish."""


def find_company(siret: str, url: str, timeout: float) -> Company | None:
    """Return the company of the search at `url`, within `timeout` seconds; None on any failure."""
    content = fetch(f"{url.rstrip('/')}/search?{_query(siret)}", timeout)
    if content is None:
        return None
    try:
        return read_answer(siret, json.loads(content))
    except (ValueError, RecursionError):
        return None


def _query(siret: str) -> str:
    """Ask for one company, without its directors and accounts."""
    return urlencode(
        {
            "q": siret,
            "minimal": "true",
            "include": "siege,complements,matching_etablissements",
            "page": 1,
            "per_page": 1,
        }
    )


def read_answer(siret: str, answer: object) -> Company | None:
    """Return the establishment of this very SIRET; None when the answer lacks it."""
    for result in _objects(_object(answer).get("results")):
        for place in (_object(result.get("siege")), *_establishments(result)):
            if _text(place, "siret") == siret:
                return _company(siret, result, place)
    return None


def _company(siret: str, result: dict[str, object], place: dict[str, object]) -> Company:
    legal_name = _text(result, "nom_raison_sociale") or _text(result, "nom_complet")
    signs = place.get("liste_enseignes")
    sign = _clean(signs[0]) if isinstance(signs, list) and signs else ""
    postal_code = _text(place, "code_postal")
    states = (_text(place, "etat_administratif"), _text(result, "etat_administratif"))
    return Company(
        siret=siret,
        legal_name=legal_name,
        trade_name=sign or _text(place, "nom_commercial") or legal_name,
        address=_street(_text(place, "adresse"), postal_code),
        postal_code=postal_code,
        city=_text(place, "libelle_commune"),
        activity=_text(place, "activite_principale") or _text(result, "activite_principale"),
        kind=_kind(_text(result, "nature_juridique"), _object(result.get("complements"))),
        is_closed=any(state in CLOSED for state in states),
    )


def _kind(legal_form: str, complements: dict[str, object]) -> OrganisationKind:
    """Return the kind by legal form (INSEE level III).

    7… and 41… are public law, 92… and 93… associations.
    """
    if legal_form.startswith(("7", "41")) or complements.get("est_service_public") is True:
        return OrganisationKind.PUBLIC_BODY
    if _object(complements.get("collectivite_territoriale")):
        return OrganisationKind.PUBLIC_BODY
    if legal_form.startswith(("92", "93")) or complements.get("est_association") is True:
        return OrganisationKind.ASSOCIATION
    return OrganisationKind.COMPANY


def _street(address: str, postal_code: str) -> str:
    """Return the address before its postal code, which has its own field."""
    street = address.rpartition(postal_code)[0].strip() if postal_code else ""
    return street or address


def _establishments(result: dict[str, object]) -> Iterator[dict[str, object]]:
    yield from _objects(result.get("matching_etablissements"))


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, object]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _text(record: dict[str, object], name: str) -> str:
    return _clean(record.get(name))


def _clean(value: object) -> str:
    """Return one printable line; "" for hidden values and for anything but text."""
    if not isinstance(value, str) or HIDDEN in value:
        return ""
    line = " ".join(value.split())
    return "".join(character for character in line if character.isprintable())[:LONGEST].strip()
