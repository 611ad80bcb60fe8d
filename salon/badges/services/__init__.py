"""What happens to registrations and badges; one public function is one use case."""

from salon.badges.services.changes import (
    CHANGEABLE,
    cancel_attendee,
    change_attendee,
    reissue_badge,
    replace_attendee,
    revoke_badge,
    set_category,
    set_consents,
)
from salon.badges.services.places import load_places
from salon.badges.services.printing import (
    ask_print_run,
    file_of,
    print_badge_now,
    render_badges,
    run_print_runs,
    write_badge_file,
)
from salon.badges.services.registration import (
    Person,
    Registration,
    register_on_the_spot,
    register_visitors,
)

__all__ = [
    "CHANGEABLE",
    "Person",
    "Registration",
    "ask_print_run",
    "cancel_attendee",
    "change_attendee",
    "file_of",
    "load_places",
    "print_badge_now",
    "register_on_the_spot",
    "register_visitors",
    "reissue_badge",
    "render_badges",
    "replace_attendee",
    "revoke_badge",
    "run_print_runs",
    "set_category",
    "set_consents",
    "write_badge_file",
]
