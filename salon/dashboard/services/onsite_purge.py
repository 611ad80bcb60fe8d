"""Steps of the purge that concern the day itself: stations, contacts left, paper."""

from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute

from salon.dashboard.services.purge_steps import QUIETLY, Due, Step, Volume, volume_of
from salon.entrance.models import Conflict, EntranceSettings, ListEntry, ZonePresence
from salon.fair.models import Zone
from salon.kiosk.models import PrintJob
from salon.leads.models import Lead, LeadConsent, LeadReading
from salon.paper.models import PaperPack, PaperPage
from salon.platform.files import remove_file


def _of_editions(column: InstrumentedAttribute[Any]) -> Step:
    """Return a step that deletes the rows of ended editions; `column` is their time."""
    table = column.class_

    def step(session: Any, due: Due) -> Volume:
        old = table.edition_id.in_(due.editions)
        volume = volume_of(session, column, old)
        if due.dry_run:
            return volume
        session.execute(delete(table).where(old), execution_options=QUIETLY)
        return volume

    return step


def _delete_list(session: Any, due: Due) -> Volume:
    old = ListEntry.edition_id.in_(due.editions)
    volume = Volume(volume_of(session, ListEntry.serial, old).rows)
    if due.dry_run:
        return volume
    session.execute(delete(ListEntry).where(old), execution_options=QUIETLY)
    return volume


def _delete_zone_presences(session: Any, due: Due) -> Volume:
    old = ZonePresence.zone_id.in_(select(Zone.id).where(Zone.edition_id.in_(due.editions)))
    volume = volume_of(session, ZonePresence.last_at, old)
    if due.dry_run:
        return volume
    session.execute(delete(ZonePresence).where(old), execution_options=QUIETLY)
    return volume


def _delete_leads(session: Any, due: Due) -> Volume:
    old = Lead.edition_id.in_(due.editions)
    volume = volume_of(session, Lead.met_at, old)
    if due.dry_run:
        return volume
    lead_ids = select(Lead.id).where(old)
    for table in (LeadConsent, LeadReading):
        session.execute(delete(table).where(table.lead_id.in_(lead_ids)), execution_options=QUIETLY)
    session.execute(delete(Lead).where(old), execution_options=QUIETLY)
    return volume


def _delete_packs(session: Any, due: Due) -> Volume:
    old = PaperPack.edition_id.in_(due.editions)
    volume = volume_of(session, PaperPack.asked_at, old)
    if due.dry_run:
        return volume
    for name in session.scalars(select(PaperPack.file_name).where(old)):
        if name:
            remove_file(due.data, name)
    packs = select(PaperPack.id).where(old)
    pages = delete(PaperPage).where(PaperPage.pack_id.in_(packs))
    session.execute(pages, execution_options=QUIETLY)
    session.execute(delete(PaperPack).where(old), execution_options=QUIETLY)
    return volume


def _forget_numbers(session: Any, due: Due) -> Volume:
    statement = select(EntranceSettings).where(
        EntranceSettings.edition_id.in_(due.editions), EntranceSettings.urgent_numbers != ""
    )
    rows = session.scalars(statement).all()
    if due.dry_run:
        return Volume(len(rows))
    for row in rows:
        row.urgent_numbers = ""
    return Volume(len(rows))


ONSITE_STEPS: dict[str, Step] = {
    "list_entries": _delete_list,
    "zone_presences": _delete_zone_presences,
    "conflicts": _of_editions(Conflict.raised_at),
    "print_jobs": _of_editions(PrintJob.asked_at),
    "leads": _delete_leads,
    "paper_packs": _delete_packs,
    "entrance_settings": _forget_numbers,
}
