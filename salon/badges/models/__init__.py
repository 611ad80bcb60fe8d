"""Tables of registration and badges, and the labels of their enums."""

from salon.badges.models.duplicates import DistinctPeople, MergedPerson
from salon.badges.models.labels import HalfDay
from salon.badges.models.registration_settings import (
    CHOSEN,
    DERIVED,
    ONLINE,
    RegistrationSettings,
    TextVersion,
)
from salon.badges.models.settings import KIOSK_LAYOUTS, BadgeLine, BadgeSettings
from salon.badges.models.tables import (
    MERGED,
    Attendee,
    AttendeeStatus,
    Badge,
    Category,
    Commune,
    Consent,
    Epci,
    Group,
    Printing,
    PrintRun,
)
