"""Changes after registration: corrections, cancellation, replacement, badges, consents."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from salon.badges import queries, rules
from salon.badges.actions import BadgeAction
from salon.badges.engine.matching import Affiliation, name_key
from salon.badges.models import Attendee, AttendeeStatus, Badge, Category, Consent, Group
from salon.badges.models.labels import Purpose
from salon.badges.services.accepted_texts import versions_accepted
from salon.badges.services.person import Person, address_key
from salon.badges.services.registration import (
    add_attendee,
    is_same_person,
    issue_badge,
)
from salon.badges.services.registration_settings import (
    check_categories,
    check_online,
    is_online,
    limits_of,
    online_category,
)
from salon.badges.services.telling import author_of, notify_cancelled, notify_group, notify_person
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.platform.database.act import Act
from salon.platform.database.edition_walls import retention
from salon.platform.database.engagements import renew_links
from salon.platform.database.identity import Role
from salon.platform.database.journal import write_entry
from salon.platform.database.submissions import claim_submission, settle_submission
from salon.platform.database.versions import StaleVersion, Values, check_version
from salon.platform.web.limits import count_mail
from salon.platform.words.tokens import new_token

CHANGEABLE = (
    "civility",
    "first_name",
    "last_name",
    "function",
    "function_other",
    "commune_code",
    "epci_siren",
    "organisation",
    "email",
    "phone",
    "half_day",
    "visit_days",
    "needs",
    "needs_note",
)


def change_attendee(
    act: Act, attendee_id: int, version: int, values: Mapping[str, object]
) -> Attendee:
    """Change a person's own details; `version` is the one that was read.

    A function of another category takes a place there. Raises StaleVersion, NoLongerRegistered,
    AlreadyRegistered, FollowsAgent, CategoryClosed, NotEnoughPlaces.
    """
    attendee = queries.get_attendee(attendee_id)
    edition = queries.edition_of(attendee)
    rules.check_is_not_an_agent(attendee.agent_id)
    try:
        with act.transaction(attendee, *limits_of(edition)) as session:
            rules.check_is_registered(attendee.status)
            check_version(version, attendee.version)
            category = category_after(attendee, values)
            if category != attendee.category and is_online(act):
                check_categories(edition, [category], freed=attendee)
            former_email = attendee.email
            changed_names = apply_changes(attendee, values)
            if not changed_names:
                return attendee
            session.flush()
            subject = f"attendee:{attendee.id}"
            write_entry(
                session, act.actor, BadgeAction.ATTENDEE_CHANGED, subject, fields=changed_names
            )
            if "email" in changed_names:
                if act.actor.role is None:
                    count_mail(session, attendee.email)
                notify_person(session, "registration", attendee)
                if former_email:
                    notify_person(session, "address_changed", attendee, recipient=former_email)
    except StaleDataError:
        raise StaleVersion from None
    except IntegrityError as error:
        if is_same_person(error):
            raise rules.AlreadyRegistered from None
        raise
    return attendee


def apply_changes(attendee: Attendee, values: Mapping[str, object]) -> list[str]:
    """Set what differs; return the names of the fields that changed."""
    attendee.category = category_after(attendee, values)
    changed_names = [
        name for name in CHANGEABLE if name in values and getattr(attendee, name) != values[name]
    ]
    for name in changed_names:
        setattr(attendee, name, values[name])
    if not {"email", "commune_code", "epci_siren", "organisation"}.isdisjoint(changed_names):
        place = Affiliation(attendee.organisation, attendee.commune_code, attendee.epci_siren)
        attendee.email_key = address_key(attendee.email, place)
    if "first_name" in changed_names or "last_name" in changed_names:
        attendee.name_key = name_key(attendee.first_name, attendee.last_name)
    return changed_names


def category_after(attendee: Attendee, values: Values) -> str:
    """Return the category after a change: that of a visitor or elected person follows it."""
    former = (attendee.function, attendee.function_other)
    function = (values.get("function", former[0]), values.get("function_other", former[1]))
    by_function = (Category.VISITOR, Category.ELECTED)
    if function == former or attendee.category not in by_function:
        return attendee.category
    return rules.category_for(*function)


def cancel_attendee(act: Act, attendee_id: int) -> None:
    """Cancel a registration and revoke its badge. Idempotent.

    Raises NoLongerRegistered when the person was replaced, FollowsAgent.
    """
    attendee = queries.get_attendee(attendee_id)
    rules.check_is_not_an_agent(attendee.agent_id)
    with act.transaction(attendee) as session:
        if attendee.status != AttendeeStatus.CANCELLED:
            rules.check_is_registered(attendee.status)
            cancel_in(act, session, attendee)


def cancel_in(act: Act, session: Session, attendee: Attendee) -> bool:
    """Cancel inside the caller's transaction, which locks the row; False when it was not live."""
    if attendee.status != AttendeeStatus.REGISTERED:
        return False
    attendee.status = AttendeeStatus.CANCELLED
    badge = revoke_valid(act, session, attendee, queries.CANCELLED)
    write_entry(session, act.actor, BadgeAction.ATTENDEE_CANCELLED, f"attendee:{attendee.id}")
    if attendee.agent_id is not None:
        notify_person(session, "agent_badge_cancelled", attendee)
    elif attendee.exhibitor_id is None:
        opens_at = queries.edition_of(attendee).days[0].opens_at
        notify_cancelled(act, session, attendee, badge, event_at=opens_at)
    else:
        notify_person(session, "staff_removed", attendee, stand=attendee.organisation)
        stand = f"exhibitor:{attendee.exhibitor_id}"
        write_entry(session, act.actor, ExhibitorAction.STAFF_REMOVED, stand, attendee=attendee.id)
    return True


def replace_attendee(act: Act, attendee_id: int, person: Person, key: str) -> int:
    """Replace an absent person by a delegate: revoke the badge, issue one to the delegate.

    A delegate who is already registered keeps their badge; on a stand, the delegate takes the
    absent person's place in the team. A delegate of another category takes a place there. Return
    the delegate's id. Idempotent for the same `key`. Raises NoLongerRegistered, TeamClosed,
    NotExhibiting, AlreadyInTeam, SubmissionDiffers, FollowsAgent, CategoryClosed, NotEnoughPlaces.
    """
    absent = queries.get_attendee(attendee_id)
    rules.check_is_not_an_agent(absent.agent_id)
    stand, edition = queries.find_stand_of(absent), queries.edition_of(absent)
    with act.transaction(*filter(None, (absent, stand)), *limits_of(edition)) as session:
        earlier = claim_submission(session, key, {"absent": attendee_id, **asdict(person)})
        if earlier is not None:
            return int(earlier)
        rules.check_is_registered(absent.status)
        if act.actor.role is None:
            count_mail(session, person.email)
        if stand is not None:
            person = _in_team(act, person, stand)
        elif is_online(act) and online_category(person) != absent.category:
            check_online(edition, [person], freed=absent)
        absent.status = AttendeeStatus.REPLACED
        revoke_valid(act, session, absent, "replaced")
        group = session.get_one(Group, absent.group_id)
        delegate, is_new = add_attendee(act, session, group, person)
        if stand is not None and not is_new:
            raise rules.AlreadyInTeam
        absent.replaced_by_id = delegate.id
        subject = f"attendee:{absent.id}"
        write_entry(
            session, act.actor, BadgeAction.ATTENDEE_REPLACED, subject, by_attendee=delegate.id
        )
        notify_person(session, "replaced", absent)
        if stand is None:
            author = author_of(act, delegate, delegate.email)
            author = author or f"la personne que vous remplacez, pour {absent.on_behalf_of}"
            kind = "registration" if is_new else "already_registered"
            notify_person(session, kind, delegate, author=author)
        else:
            notify_person(session, "staff_named", delegate, stand=stand.name)
            subject = f"exhibitor:{stand.id}"
            write_entry(
                session, act.actor, ExhibitorAction.STAFF_REPLACED, subject, attendee=delegate.id
            )
        settle_submission(session, key, str(delegate.id))
    return delegate.id


def _in_team(act: Act, person: Person, stand: Exhibitor) -> Person:
    """Return the delegate as staff of the stand; on the day itself only organisers may do so."""
    if act.actor.role != Role.ORGANISER:
        rules.check_team_is_open(stand.edition.days[-1].day_on, act.now)
    rules.check_is_exhibiting(stand.status == ApplicationStatus.ACCEPTED)
    return replace(person, exhibitor_id=stand.id, category=Category.EXHIBITOR)


def revoke_badge(act: Act, badge_id: int, reason: str) -> Badge:
    """Revoke a badge: doors refuse it, and every link found on its page stops working.

    Raises BadgeAlreadyRevoked.
    """
    badge = queries.get_badge(badge_id)
    with act.transaction(badge) as session:
        rules.check_badge_is_valid(badge.revoked_at)
        _revoke(act, session, badge, reason)
        _renew_links(session, badge.attendee)
    return badge


def reissue_badge(act: Act, attendee_id: int, reason: str, key: str) -> int:
    """Issue a new badge with a new code and link; the former one and the links on its page stop
    working.

    Return the new badge's id. Idempotent for the same `key`. Raises NoLongerRegistered,
    SubmissionDiffers.
    """
    attendee = queries.get_attendee(attendee_id)
    with act.transaction(attendee) as session:
        earlier = claim_submission(session, key, {"attendee": attendee_id, "reason": reason})
        if earlier is not None:
            return int(earlier)
        rules.check_is_registered(attendee.status)
        badge = renew_badge(act, session, attendee, reason)
        opens_at = queries.edition_of(attendee).days[0].opens_at
        notify_person(session, "badge_reissued", attendee, event_at=opens_at)
        settle_submission(session, key, str(badge.id))
    return badge.id


def renew_badge(act: Act, session: Session, attendee: Attendee, reason: str) -> Badge:
    """Revoke a person's badge and issue another, inside the caller's transaction, which locks the
    row."""
    revoke_valid(act, session, attendee, reason)
    badge = issue_badge(act, session, attendee)
    _renew_links(session, attendee)
    return badge


def cancel_silently(act: Act, session: Session, attendee: Attendee) -> None:
    """Cancel a registration just made by mistake, without any message."""
    attendee.status = AttendeeStatus.CANCELLED
    revoke_valid(act, session, attendee, "cancelled")
    write_entry(session, act.actor, BadgeAction.ATTENDEE_CANCELLED, f"attendee:{attendee.id}")


def set_category(act: Act, attendee_id: int, category: Category, is_vip: bool) -> None:
    """Set the category printed on the badge and the VIP flag shown at the doors."""
    attendee = queries.get_attendee(attendee_id)
    with act.transaction(attendee) as session:
        rules.check_is_registered(attendee.status)
        former = {"category": attendee.category, "is_vip": attendee.is_vip}
        attendee.category, attendee.is_vip = category, is_vip
        write_entry(
            session,
            act.actor,
            BadgeAction.ATTENDEE_CATEGORY_SET,
            f"attendee:{attendee.id}",
            former=former,
            category=category,
            is_vip=is_vip,
        )


def set_consents(
    act: Act,
    attendee_id: int,
    purposes: Collection[str],
    texts_read: Mapping[str, str] | None = None,
) -> list[str]:
    """Give and withdraw consents so that exactly `purposes` stand; return the changed ones.

    Nothing is overwritten: each consent keeps its text version and its two times. `texts_read`: see
    `versions_accepted`.
    """
    attendee = queries.get_attendee(attendee_id)
    texts = versions_accepted(attendee.edition_id, texts_read or {})
    changed_names = []
    with act.transaction(attendee) as session, retention(session):
        standing = {
            consent.purpose: consent
            for consent in attendee.consents
            if consent.withdrawn_at is None
        }
        subject = f"attendee:{attendee.id}"
        for purpose in Purpose:
            if purpose in purposes and purpose not in standing:
                session.add(
                    Consent(
                        attendee_id=attendee.id,
                        purpose=purpose,
                        text_version=texts[purpose],
                        given_at=act.now,
                    )
                )
                write_entry(session, act.actor, BadgeAction.CONSENT_GIVEN, subject, purpose=purpose)
                changed_names.append(purpose.value)
            elif purpose not in purposes and purpose in standing:
                standing[purpose].withdrawn_at = act.now
                write_entry(
                    session, act.actor, BadgeAction.CONSENT_WITHDRAWN, subject, purpose=purpose
                )
                changed_names.append(purpose.value)
    return changed_names


def revoke_valid(act: Act, session: Session, attendee: Attendee, reason: str) -> Badge | None:
    """Revoke a person's valid badge inside the caller's transaction; return it, None without."""
    badge = queries.find_valid_badge(attendee.id)
    if badge is not None:
        session.refresh(badge, with_for_update=True)
        _revoke(act, session, badge, reason)
    return badge


def _renew_links(session: Session, attendee: Attendee) -> None:
    """Renew every link on the page of a badge: appointments of the group's people, and the group's
    page; and those of registrations merged into this one, which open the page of its badge."""
    for badge in session.scalars(select(Badge).where(Badge.attendee_id == attendee.id)).all():
        if badge.is_merged:
            badge.private_token = new_token()
    group = session.get_one(Group, attendee.group_id, with_for_update=True)
    people = [
        attendee for attendee in group.attendees if attendee.status == AttendeeStatus.REGISTERED
    ]
    renew_links(session, [attendee.id for attendee in people])
    group.private_token = new_token()
    if len(people) > 1:
        notify_group(session, group, people, is_renewed=True)


def _revoke(act: Act, session: Session, badge: Badge, reason: str) -> None:
    badge.revoked_at = act.now
    badge.revoked_reason = reason
    session.flush()
    write_entry(session, act.actor, BadgeAction.REVOKED, f"badge:{badge.id}", reason=reason)
