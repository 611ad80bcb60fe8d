"""Steps of the purge that concern the day itself: stations, contacts left, paper."""

from salon.dashboard.services.purge_steps import Step, blank, delete_rows
from salon.entrance.models import Conflict, EntranceSettings, ListEntry, ZonePresence
from salon.kiosk.models import PrintJob
from salon.leads.models import Lead, LeadConsent, LeadReading
from salon.paper.models import PaperPack, PaperPage

ONSITE_STEPS: dict[str, Step] = {
    "list_entries": delete_rows(ListEntry.serial, is_dated=False),
    "zone_presences": delete_rows(ZonePresence.last_at),
    "conflicts": delete_rows(Conflict.raised_at),
    "print_jobs": delete_rows(PrintJob.asked_at),
    "leads": delete_rows(Lead.met_at, children=[LeadConsent.lead_id, LeadReading.lead_id]),
    "paper_packs": delete_rows(
        PaperPack.asked_at, files=PaperPack.file_name, children=[PaperPage.pack_id]
    ),
    "entrance_settings": blank(
        EntranceSettings.edition_id, EntranceSettings.urgent_numbers != "", is_dated=False
    ),
}
