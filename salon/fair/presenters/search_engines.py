"""Metadata of the public pages for search engines and messengers."""

from salon.fair.models import Edition
from salon.platform.database.consequences import Standing
from salon.platform.settings.clock import local
from salon.platform.settings.installation import Settings

STANDING = (
    *("fair.home", "fair.village", "fair.programme", "fair.plan", "fair.practical"),
    *("exhibitors.catalogue", "appointments.search", "badges.register", "exhibitors.start"),
    *("fair.legal", "dashboard.privacy", "fair.accessibility"),
)
"""Pages that are at the same address in every edition."""
INDEXED = frozenset(
    (
        *(*STANDING, "fair.theme", "fair.hall", "exhibitors.catalogue_entry"),
        *("exhibitors.past_edition", "open_data.open_data"),
    )
)
"""Pages worth finding: their address without filters is the one to keep."""


EVENT_STATUSES = {
    Standing.AS_PLANNED: "EventScheduled",
    Standing.POSTPONED: "EventPostponed",
    Standing.CANCELLED: "EventCancelled",
}
"""EventStatusType of schema.org; a postponed event keeps its former dates."""


def _geography(edition: Edition) -> dict[str, object]:
    if edition.latitude is None:
        return {}
    point = {"latitude": edition.latitude, "longitude": edition.longitude}
    return {"geo": {"@type": "GeoCoordinates", **point}}


def event_of(edition: Edition, settings: Settings) -> dict[str, object]:
    """Return the fair as an Event of schema.org."""
    return {
        "@context": "https://schema.org",
        "@type": "BusinessEvent",
        "name": edition.name,
        "startDate": local(edition.starts_at).isoformat(),
        "endDate": local(edition.ends_at).isoformat(),
        "eventStatus": f"https://schema.org/{EVENT_STATUSES[edition.standing]}",
        "eventAttendanceMode": "https://schema.org/OfflineEventAttendanceMode",
        "inLanguage": "fr",
        "url": f"{settings.public_url}/",
        "location": {
            "@type": "Place",
            **_geography(edition),
            "name": edition.place,
            "address": {
                "@type": "PostalAddress",
                "streetAddress": edition.address,
                "addressLocality": edition.city,
                "addressCountry": "FR",
            },
        },
        "organizer": {"@type": "Organization", "name": edition.organiser},
    }
