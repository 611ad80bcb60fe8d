"""Tables of registration and badges, and the labels of their enums."""

from salon.badges.models.tables import (
    CATEGORY_FACES,
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Commune,
    Consent,
    Epci,
    Group,
    HalfDay,
    Printing,
    PrintRun,
)

__all__ = [
    "CATEGORY_FACES",
    "Attendee",
    "AttendeeStatus",
    "Badge",
    "Category",
    "Commune",
    "Consent",
    "Epci",
    "Group",
    "HalfDay",
    "PrintRun",
    "Printing",
]
