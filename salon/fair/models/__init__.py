"""Tables of the fair. Lengths in metres, areas in m²."""

from salon.fair.models.editions import (
    CODE_KEY_BYTES,
    DEFAULT_VILLAGE,
    Edition,
    EditionDay,
    EditionState,
    MailSettings,
    PhoneAsked,
)
from salon.fair.models.floor import Door, Hall, Stand, StandCategory, Zone, ZoneKind
from salon.fair.models.village import FairFile, PartnerBody, ProgrammeItem, Room, Theme
