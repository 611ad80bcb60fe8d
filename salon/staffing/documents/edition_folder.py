"""Files of the staffing in an edition's folder; `services.loading` reads them."""

from pathlib import Path

from salon.fair.documents.edition_files import write_columns, write_table
from salon.fair.models import Edition
from salon.platform.documents.spreadsheets.cells import clock_time
from salon.platform.settings.clock import local
from salon.staffing.engine.half_hours import HALF_HOUR
from salon.staffing.queries.rota import needs_of, rota_of, stands_of
from salon.staffing.services.loading import NEED_COLUMNS, NEEDS, SETTINGS, SETTINGS_KEYS


def write_staffing(edition: Edition, folder: Path) -> None:
    """Write the needs of stands, a line per half hour, and the settings of the rota."""
    needs = needs_of(edition)
    rows = [
        (
            *(body.stand.number, local(need.starts_at).date(), clock_time(need.starts_at)),
            *(clock_time(need.starts_at + HALF_HOUR), need.minimum, need.wished, need.maximum),
            [theme.slug for theme in need.themes],
        )
        for stand_id, body in stands_of(edition).items()
        for need in needs.get(stand_id, [])
    ]
    write_table(folder / NEEDS, NEED_COLUMNS, rows)
    write_columns(folder / SETTINGS, rota_of(edition), SETTINGS_KEYS)
