"""Fields sent to the pages of contacts."""

from salon.exhibitors.models import Exhibitor

STAND_EMAIL = "stand@exposant.example"


def home(exhibitor: Exhibitor) -> str:
    return f"/mon-stand/{exhibitor.id}/contacts"
