"""The floor of `make bench ARGS=scans` writes what the application writes: else it is no floor."""

import uuid
from typing import Any

import sqlalchemy as sa

from bench.floors import Store
from salon.badges.models import Badge
from salon.entrance.models import Presence, Scan
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.settings.clock import now
from salon.platform.settings.installation import Settings
from tests.entrance.people import make_badge
from tests.factories import make_station_token
from tests.pages import PageClient

OWN = {"id", "scan_id", "badge_id", "code"}
"""What no two scans share; times are looked at apart."""


def written(badge: Badge) -> list[dict[str, Any]]:
    """Return the rows of a badge, without what is its own, and whether each time is there."""
    current_session().rollback()
    results = []
    for model in (Scan, Presence):
        table = sa.inspect(model).local_table
        for row in (
            current_session().execute(sa.select(table).filter_by(badge_id=badge.id)).mappings()
        ):
            shown = {name: value for name, value in row.items() if name not in OWN}
            times = {name: value is not None for name, value in shown.items() if "_at" in name}
            results.append({**shown, **times})
    return results


def test_the_floor_writes_the_same_rows(
    client: PageClient, edition: Edition, settings: Settings
) -> None:
    token = make_station_token(edition)
    ours, bare = make_badge(edition), make_badge(edition)
    sent = [
        {
            "scan_id": str(uuid.uuid4()),
            "code": f"HTTPS://SALON.EXAMPLE/B/{badge.code}",
            "scanned_at": now().isoformat(),
            "door": "A",
            "direction": "in",
        }
        for badge in (ours, bare)
    ]

    answer = client.post(
        "/api/v1/scans",
        json={"scans": sent[:1]},
        headers={"Authorization": f"Bearer {token}"},
    )
    store = Store(settings.database_url.replace("+psycopg", "").removeprefix("sqlite:///"))
    (result,) = store.record(*store.station(token), sent[1:])
    store.driver.connection.close()

    assert answer.status_code == 200
    assert len(written(ours)) == 2
    assert written(bare) == written(ours)
    holder = answer.json["results"][0]["holder"]
    assert result["holder"].keys() == holder.keys()
    assert result["holder"]["name"].startswith("Élodie ")
    for field in ("on_behalf_of", "vip", "needs"):
        assert result["holder"][field] == holder[field]
