"""Use cases of registration and badges; one public function each."""

from salon.badges.services.affiliations import correct_places, last_correction, restore_places
from salon.badges.services.agents import release_badge, update_agent_badges
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
from salon.badges.services.person import Person, Registration
from salon.badges.services.places import load_department, load_places, remove_department
from salon.badges.services.registration import register_on_the_spot, register_visitors
from salon.badges.services.restoring import restore_attendee, restore_badge, restore_staff
from salon.badges.services.retrieval import (
    correct_registration,
    send_badges,
    send_badges_like,
    send_earlier_badges,
)
from salon.badges.services.staff import add_staff, remove_staff, replace_staff, revoke_orphans
