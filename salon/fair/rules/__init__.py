"""Rules of the fair, by subject."""

from salon.fair.rules.edition import (
    DatesOutOfOrder,
    DayClosesBeforeOpening,
    DayTwice,
    EditionAlreadyLoaded,
    HallAreaDiffers,
    NoDay,
    Phase,
    ProgrammeOutsideOpeningHours,
    RegistrationClosesFirst,
    check_dates_are_in_order,
    check_days,
    check_hall_has_its_area,
    check_item_is_in_opening_hours,
    check_registration_opens_first,
    on_now_and_next,
    phase_of,
    registrations_are_open,
)
from salon.fair.rules.floor import (
    MOST_STANDS,
    Fault,
    FloorFaults,
    HallTooSmall,
    NumberTaken,
    PlanNotUnderstood,
    StandHasOccupant,
    check_floor,
    check_stands_are_free,
    check_stands_fit,
    faults_of,
)
