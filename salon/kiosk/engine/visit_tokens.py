"""The token of a visit at a kiosk: it says which badge was presented there, and when.

Signed (HMAC), good for VISIT_LASTS on the kiosk that read the badge. So a kiosk, or who copies its
own token, cannot ask for somebody by number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from itsdangerous import BadData, URLSafeSerializer

from salon.kiosk.rules import VISIT_LASTS, VISIT_RENEWED_UNTIL, VisitOver

LONGEST_TOKEN = 300


@dataclass(frozen=True)
class Visit:
    """A badge that was presented at a kiosk; `began_at`: seconds since 1970, of the world."""

    station_id: int
    badge_id: int
    began_at: int


def begin(station_id: int, badge_id: int, now: datetime) -> Visit:
    return Visit(station_id, badge_id, int(now.timestamp()))


def token_of(visit: Visit, now: datetime, keys: Sequence[str]) -> str:
    """The token to carry from `now`; `keys`: the application's secrets, the present one last."""
    given_at = int(now.timestamp())
    return str(_signer(keys).dumps([visit.station_id, visit.badge_id, visit.began_at, given_at]))


def visit_of(token: str, station_id: int, now: datetime, keys: Sequence[str]) -> Visit:
    """The visit of a token given to this station. Raises VisitOver."""
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
