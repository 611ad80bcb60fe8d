"""Reads of registrations, places and badges."""

from salon.badges.queries.agents import (
    agents_with_badge,
    find_attendee_of_agent,
    find_badge_of_removed_agent,
    find_scanned_badge,
)
from salon.badges.queries.badges import (
    CANCELLED,
    badges_to_print,
    count_to_print,
    faces_of,
    fair_face,
    find_badge_by_token,
    find_badge_cancelled,
    find_demonstration_badge,
    find_valid_badge,
    get_badge,
    get_badge_by_token,
    get_finished_run,
    get_print_run,
    get_valid_badge,
    payload_of,
    printed_face,
    printed_files,
    printings_of,
    recent_print_runs,
    short_code,
    stand_words,
    valid_badges_of,
    valid_codes,
)
from salon.badges.queries.duplicates import (
    badges_instead_of,
    distinct_pairs,
    duplicates_of,
    find_merge,
)
from salon.badges.queries.holders import stand_number_of
from salon.badges.queries.identities import (
    find_same_person,
    free_name_key,
    identities_of_edition,
    identity_of,
    people_like,
)
from salon.badges.queries.people import (
    AttendeeFilter,
    all_attendees,
    attendees,
    attendees_at_address,
    attendees_page,
    cancelled_by_holder,
    edition_of,
    edition_of_group,
    find_attendee,
    find_group_by_token,
    find_stand_of,
    get_attendee,
    get_group_by_token,
    has_short_code,
    history_of,
    movable_attendees,
    near_attendees,
    search_attendees,
    with_presences,
)
from salon.badges.queries.places import (
    all_epcis,
    all_places,
    count_epcis,
    find_place,
    loaded_departments,
    place_of,
    search_places,
)
from salon.badges.queries.settings import (
    category_colours,
    colour_of,
    colours_of,
    settings_of,
)
from salon.badges.queries.staff import (
    count_staff,
    former_exhibitors_with_staff,
    get_staff,
    removed_staff_of,
    staff_badges,
    staff_of,
)
