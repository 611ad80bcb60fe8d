"""The signed token of a visit at a kiosk: the badge presented there, and when.

Signed (HMAC), valid for VISIT_LASTS on the kiosk that read the badge. So neither a kiosk, nor a
person who copies its own token, can request another person by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from salon.kiosk.rules import VISIT_LASTS, VISIT_RENEWED_UNTIL, VisitOver

LONGEST_TOKEN = 300


@dataclass(frozen=True)
class Visit:
    """A badge presented at a kiosk; `began_at`: seconds since 1970, in real time."""

    station_id: int
    badge_id: int
    began_at: int


def begin(station_id: int, badge_id: int, now: datetime) -> Visit:
    return Visit(station_id, badge_id, int(now.timestamp()))


def token_of(visit: Visit, now: datetime, keys: Sequence[str]) -> str:
    """Return the token issued at `now`; `keys`: the application's secrets, the current one last."""
    given_at = int(now.timestamp())
    return str(_signer(keys).dumps([visit.station_id, visit.badge_id, visit.began_at, given_at]))


def visit_of(token: str, station_id: int, now: datetime, keys: Sequence[str]) -> Visit:
    """Return the visit of a token issued to this station. Raises VisitOver."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise VisitOver
    try:
        *facts, given_at = _signer(keys).loads(token)
    except BadData:
        raise VisitOver from None
    visit = Visit(*facts)
    at = now.timestamp()
    is_live = (
        visit.station_id == station_id
        and at - given_at <= VISIT_LASTS.total_seconds()
        and at - visit.began_at <= VISIT_RENEWED_UNTIL.total_seconds()
    )
    if not is_live:
        raise VisitOver
    return visit


def _signer(keys: Sequence[str]) -> URLSafeSerializer:
    return URLSafeSerializer(list(keys), salt="kiosk-visit")
