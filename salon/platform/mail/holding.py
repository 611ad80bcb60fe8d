"""Hold of messages before they leave, so that the author of an act can call them off.

The table names every kind of message. A message is held only when a signed-in person's request
posts it: the worker, the public and stations hold nothing.
"""

from datetime import datetime, timedelta
from enum import Enum

from salon.platform.database.identity import Role
from salon.platform.settings.clock import local

SOON = timedelta(hours=1)
"""A message about an event within this time leaves at once."""


class Holding(Enum):
    """When a kind of message is held."""

    NEVER = "at once"
    BY_STAFF = "held when an organiser or an agent acts"
    BY_ANY_ACCOUNT = "held when an exhibitor acts, too"
    BEFORE_THE_DAY = "held when an organiser or an agent acts, unless it concerns today"


HOLDING = {
    "address_changed": Holding.NEVER,
    "agent_badge": Holding.BY_STAFF,
    "agent_badge_cancelled": Holding.BY_STAFF,
    "agent_named": Holding.BY_STAFF,
    "agent_place_changed": Holding.BY_STAFF,
    "agent_stand_renumbered": Holding.BY_STAFF,
    "agent_standing_changed": Holding.BY_STAFF,
    "agent_wishes": Holding.NEVER,
    "alarm": Holding.NEVER,
    "already_registered": Holding.NEVER,
    "application_expires": Holding.NEVER,
    "application_invited": Holding.BY_STAFF,
    "application_link": Holding.BY_STAFF,
    "application_started": Holding.NEVER,
    "appointment_agreed": Holding.BY_STAFF,
    "appointment_booked": Holding.BY_STAFF,
    "appointment_cancelled": Holding.BY_STAFF,
    "appointment_entrusted": Holding.BY_STAFF,
    "appointment_moved": Holding.BY_STAFF,
    "appointment_reassigned": Holding.BY_STAFF,
    "appointment_soon": Holding.NEVER,
    "appointment_to_choose": Holding.BY_STAFF,
    "appointment_tomorrow": Holding.NEVER,
    "appointments_untended": Holding.NEVER,
    "appointment_renumbered": Holding.BY_STAFF,
    "appointment_restored": Holding.BY_STAFF,
    "body_withdrawn": Holding.BY_STAFF,
    "badge_reissued": Holding.BEFORE_THE_DAY,
    "badges_of_address": Holding.NEVER,
    "booking_to_confirm": Holding.NEVER,
    "cancelled": Holding.BEFORE_THE_DAY,
    "credit_note_issued": Holding.BY_STAFF,
    "days_changed": Holding.BY_STAFF,
    "destruction_to_approve": Holding.NEVER,
    "digest": Holding.NEVER,
    "document_accepted": Holding.BY_STAFF,
    "document_refused": Holding.BY_STAFF,
    "erased": Holding.NEVER,
    "eve_exhibitor": Holding.NEVER,
    "eve_visitor": Holding.NEVER,
    "exchange_asked": Holding.NEVER,
    "exchange_done": Holding.NEVER,
    "exchange_overtaken": Holding.BEFORE_THE_DAY,
    "exchange_refused": Holding.NEVER,
    "exchange_withdrawn": Holding.NEVER,
    "exhibitor_accept": Holding.BY_STAFF,
    "exhibitor_ask_changes": Holding.BY_STAFF,
    "exhibitor_days_changed": Holding.BY_STAFF,
    "exhibitor_enter": Holding.BY_STAFF,
    "exhibitor_left": Holding.NEVER,
    "exhibitor_let_offer_expire": Holding.NEVER,
    "exhibitor_offer": Holding.BY_STAFF,
    "exhibitor_put_on_waiting_list": Holding.BY_STAFF,
    "exhibitor_refuse": Holding.BY_STAFF,
    "exhibitor_reminder": Holding.BY_STAFF,
    "exhibitor_reopen": Holding.BY_STAFF,
    "exhibitor_place_changed": Holding.BY_STAFF,
    "exhibitor_standing_changed": Holding.BY_STAFF,
    "exhibitor_submit": Holding.NEVER,
    "exhibitor_take_offer": Holding.NEVER,
    "exhibitor_withdraw": Holding.BY_STAFF,
    "group_registered": Holding.NEVER,
    "invoice_issued": Holding.BY_STAFF,
    "invoice_reminder": Holding.NEVER,
    "lead_link": Holding.NEVER,
    "lead_withdrawn": Holding.NEVER,
    "mail_check": Holding.NEVER,
    "mailing": Holding.NEVER,
    "merged": Holding.BY_STAFF,
    "order_confirmed": Holding.BY_STAFF,
    "paper_pack_ready": Holding.NEVER,
    "quote_ready": Holding.BY_STAFF,
    "registration": Holding.NEVER,
    "replaced": Holding.BY_ANY_ACCOUNT,
    "restored": Holding.BY_STAFF,
    "promise_due": Holding.NEVER,
    "rota_changed": Holding.BEFORE_THE_DAY,
    "shift_soon": Holding.NEVER,
    "shift_tomorrow": Holding.NEVER,
    "password_lost": Holding.NEVER,
    "password_lost_colleague": Holding.NEVER,
    "organisation_invited": Holding.BY_STAFF,
    "organiser_invited": Holding.NEVER,
    "sign_in_code": Holding.NEVER,
    "staff_named": Holding.BY_ANY_ACCOUNT,
    "staff_removed": Holding.BY_ANY_ACCOUNT,
    "stand_freed": Holding.BY_STAFF,
    "stand_given": Holding.BY_STAFF,
    "place_changed": Holding.BY_STAFF,
    "standing_changed": Holding.BY_STAFF,
    "standin_asked": Holding.BEFORE_THE_DAY,
    "standin_closed": Holding.BEFORE_THE_DAY,
    "standin_escalated": Holding.NEVER,
    "standin_found": Holding.BEFORE_THE_DAY,
    "standin_opened": Holding.BEFORE_THE_DAY,
    "standin_overtaken": Holding.BEFORE_THE_DAY,
    "standin_taken": Holding.BEFORE_THE_DAY,
    "standin_withdrawn": Holding.BEFORE_THE_DAY,
    "theme_withdrawn": Holding.BY_STAFF,
    "waiting_restored": Holding.BY_STAFF,
    "waiting_closed": Holding.BY_STAFF,
    "waiting_expired": Holding.NEVER,
    "waiting_joined": Holding.NEVER,
    "waiting_offered": Holding.NEVER,
    "waiting_withdrawn": Holding.NEVER,
}
"""Kind of message (`templates/mail/<kind>.txt`) and when it is held."""

HOLDERS = {
    Holding.NEVER: frozenset[Role](),
    Holding.BY_STAFF: frozenset({Role.ORGANISER, Role.AGENT}),
    Holding.BY_ANY_ACCOUNT: frozenset({Role.ORGANISER, Role.AGENT, Role.EXHIBITOR}),
    Holding.BEFORE_THE_DAY: frozenset({Role.ORGANISER, Role.AGENT}),
}


def is_held(kind: str, role: Role | None, event_at: datetime | None, now: datetime) -> bool:
    """Return whether a message of this kind, posted by an act of `role`, is held.

    `event_at`: start of the event it is about; `now` is the fair's time.
    """
    holding = HOLDING[kind]
    if role not in HOLDERS[holding]:
        return False
    if event_at is None:
        return True
    if holding is Holding.BEFORE_THE_DAY and local(event_at).date() <= local(now).date():
        return False
    return event_at - now > SOON
