"""Every table, at a glance."""

from salon.accounts.models import Account, SignIn, SingleUseCode, Station
from salon.badges.models import (
    Attendee,
    Badge,
    Commune,
    Consent,
    Epci,
    Group,
    Printing,
    PrintRun,
)
from salon.dashboard.models import KeptFigure
from salon.entrance.models import Presence, Scan
from salon.fair.models import (
    Door,
    Edition,
    EditionDay,
    Hall,
    PartnerBody,
    ProgrammeItem,
    Stand,
    Theme,
)
from salon.journal import JournalEntry
from salon.limits import RateCounter
from salon.outbox import Message
from salon.submissions import Submission

__all__ = [
    "Account",
    "Attendee",
    "Badge",
    "Commune",
    "Consent",
    "Door",
    "Edition",
    "EditionDay",
    "Epci",
    "Group",
    "Hall",
    "JournalEntry",
    "KeptFigure",
    "Message",
    "PartnerBody",
    "Presence",
    "PrintRun",
    "Printing",
    "ProgrammeItem",
    "RateCounter",
    "Scan",
    "SignIn",
    "SingleUseCode",
    "Stand",
    "Station",
    "Submission",
    "Theme",
]
