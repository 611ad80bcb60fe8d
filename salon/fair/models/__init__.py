"""Tables of the fair. Lengths in metres, areas in m²."""

from salon.fair.models.editions import (
    CODE_KEY_BYTES,
    DEFAULT_VILLAGE,
    Edition,
    EditionDay,
    EditionState,
    MailSettings,
    PhoneAsked,
    utc_offset_on,
)
from salon.fair.models.floor import FairFile, Hall, PartnerBody, Stand, StandCategory, Theme
from salon.fair.models.landmarks import Landmark, LandmarkKind
from salon.fair.models.programme import ProgrammeItem, Room
from salon.fair.models.zones import Door, Zone, ZoneHours, ZoneKind
