"""Public facts of an edition, as the API answers them; times on the clocks of the edition."""

from collections.abc import Sequence
from datetime import datetime

from salon.exhibitors.queries.open_data import (
    LICENCE,
    LICENCE_URL,
    PublicExhibitor,
    safe_website,
)
from salon.fair.models import Edition, ProgrammeItem, Theme
from salon.open_data.engine import ENTERED
from salon.open_data.queries.releases import PublishedAttendance
from salon.platform.settings.clock import local
from salon.reads.documents import answers
from salon.reads.queries import PublicSlot


def edition_facts(edition: Edition) -> answers.EditionFacts:
    return {
        "edition": edition.slug,
        "name": edition.name,
        "short_name": edition.short_name,
        "organiser": edition.organiser,
        "place": edition.place,
        "address": edition.address,
        "city": edition.city,
        "time_zone": edition.time_zone,
        "days": [
            {
                "day": day.day_on.isoformat(),
                "opens_at": _moment(day.opens_at),
                "closes_at": _moment(day.closes_at),
            }
            for day in edition.days
        ],
        "standing": edition.standing,
        "is_current": bool(edition.is_current),
        "licence": {"name": LICENCE, "url": LICENCE_URL},
    }


def exhibitor_facts(edition: Edition, exhibitor: PublicExhibitor) -> answers.Exhibitor:
    """Return an exhibitor as its page shows it; of a past edition, its name."""
    if not edition.is_current:
        return {"name": exhibitor.name}
    return {
        "name": exhibitor.name,
        "sector": exhibitor.sector,
        "hall": exhibitor.hall,
        "stand": exhibitor.stand,
        "pavilion": exhibitor.pavilion,
        "themes": exhibitor.themes,
        "co_exhibitors": exhibitor.co_exhibitors,
        "presentation": exhibitor.presentation,
        "website": exhibitor.website,
        "page": exhibitor.page,
    }


def item_facts(edition: Edition, item: ProgrammeItem) -> answers.Item:
    """Return a moment of the programme without its speakers; of a past edition, without room."""
    facts: answers.Item = {
        "title": item.title,
        "summary": item.summary,
        "starts_at": _moment(item.starts_at),
        "ends_at": _moment(item.ends_at),
    }
    if edition.is_current:
        theme = item.theme
        facts["room"] = item.room.name
        facts["theme"] = theme.slug if theme and theme.withdrawn_at is None else None
    return facts


def theme_facts(theme: Theme, page: str, slots: str) -> answers.Theme:
    return {
        "theme": theme.slug,
        "name": theme.name,
        "summary": theme.summary,
        "details": list(theme.details),
        "figures": [
            {"value": figure["value"], "label": figure["label"]} for figure in theme.figures
        ],
        "links": [
            {"label": link["label"], "address": safe_website(link["address"])}
            for link in theme.links
        ],
        "body": theme.body.name,
        "hall": theme.body.stand.hall.name,
        "stand": theme.body.stand.number,
        "page": page,
        "slots": slots,
    }


def slot_facts(slots: Sequence[PublicSlot]) -> list[answers.Slot]:
    return [
        {
            "starts_at": _moment(slot.starts_at),
            "ends_at": _moment(slot.ends_at),
            "stand": slot.stand,
            "state": "free" if slot.is_free else "taken",
        }
        for slot in slots
    ]


def attendance_figures(
    edition: Edition, attendance: PublishedAttendance
) -> answers.AttendanceFigures:
    return {
        "edition": edition.slug,
        "people": attendance.people,
        "by_day": [{"day": row["jour"], "people": int(row[ENTERED])} for row in attendance.by_day],
        "by_quarter": [
            {"starts_at": row["debut"], "ends_at": row["fin"], "people": int(row[ENTERED])}
            for row in attendance.by_quarter
        ],
        "by_category": [
            {"label": row["categorie"], "people": int(row[ENTERED])}
            for row in attendance.by_category
        ],
        "by_epci": [
            {
                "label": row["intercommunalite"],
                "siren": row["siren"],
                "people": int(row[ENTERED]),
            }
            for row in attendance.by_epci
        ],
    }


def _moment(at: datetime) -> str:
    return local(at).isoformat(timespec="seconds")
