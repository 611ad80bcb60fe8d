"""Each step of an application saves what it says; only an application in hand changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.accounts.queries import email_key_of
from salon.exhibitors.models import (
    ApplicationStatus,
    CoExhibitor,
    Contact,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    WantedOption,
)
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.queries.exhibitors import terms_of
from salon.exhibitors.rules.application import (
    MOST_CO_EXHIBITORS,
    MOST_NEIGHBOURS,
    MOST_THEMES,
    Step,
    check_area,
    check_at_most,
    check_is_editable,
)
from salon.exhibitors.rules.versions import check_version
from salon.exhibitors.services.applications import send_link_to_new_address
from salon.fair.models import Theme
from salon.platform.db import transaction
from salon.platform.files import read_logo, remove_file, save_file
from salon.platform.identity import Identity
from salon.platform.journal import write_entry
from salon.platform.texts import folded

COLUMNS = (
    *("kind", "legal_name", "name", "address", "postal_code", "city", "country"),
    *("foreign_number", "vat_number", "website", "sector", "presentation"),
    *("area", "wants_corner", "wants_water", "power_kw", "wished_hall_id"),
    *("near", "apart", "wish_note"),
)
CONTACT_COLUMNS = ("civility", "first_name", "last_name", "function", "email", "phone")


def save_step(
    token: str,
    version: int,
    step: Step,
    values: Mapping[str, Any],
    by: Identity,
    now: datetime,
    finished: bool = True,
) -> Exhibitor:
    """Saves the answers of a step; what `values` does not name stays. `version`: the one read.

    Saying the same again changes nothing, whatever the version. `finished` False is a save on the
    way: no message leaves. Raises NoLongerEditable, ChangedMeanwhile, AreaOutOfBounds,
    TooManyChoices.
    """
    exhibitor = queries.get_application(token)
    terms = terms_of(queries.edition_of(exhibitor))
    check_values(values, terms)
    with transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        read = exhibitor.version
        changed = _write(session, exhibitor, values)
        if changed:
            check_version(version, read)
            _bump(exhibitor)
            if exhibitor.status == ApplicationStatus.CHANGES_ASKED:
                subject = f"exhibitor:{exhibitor.id}"
                write_entry(session, by, "exhibitor.change", subject, step=step, fields=changed)
            session.flush()
        if finished and step == Step.CONTACTS:
            send_link_to_new_address(session, exhibitor)
    return exhibitor


def check_values(values: Mapping[str, Any], terms: ExhibitorTerms) -> None:
    """Raises AreaOutOfBounds, TooManyChoices."""
    if "area" in values:
        check_area(values["area"], terms.minimum_area, terms.maximum_area)
    check_at_most(values.get("themes", ()), MOST_THEMES, "thèmes")
    check_at_most(values.get("near", ()), MOST_NEIGHBOURS, "voisins souhaités")
    check_at_most(values.get("apart", ()), MOST_NEIGHBOURS, "concurrents")
    check_at_most(values.get("co_exhibitors", ()), MOST_CO_EXHIBITORS, "co-exposants")


def _bump(exhibitor: Exhibitor) -> None:
    """Contacts, themes, co-exhibitors and options are part of what the version covers."""
    flag_modified(exhibitor, "wish_note")


def _write(session: Session, exhibitor: Exhibitor, values: Mapping[str, Any]) -> list[str]:
    """Writes what differs; answers its names."""
    changed = [
        name for name in COLUMNS if name in values and getattr(exhibitor, name) != values[name]
    ]
    for name in changed:
        setattr(exhibitor, name, values[name])
    if "name" in changed:
        exhibitor.name_key = folded(exhibitor.name)
    for kind, typed in values.get("contacts", {}).items():
        if _write_contact(session, exhibitor, ContactKind(kind), typed):
            changed.append(f"contact_{kind}")
    if "themes" in values and _write_themes(session, exhibitor, values["themes"]):
        changed.append("themes")
    if "co_exhibitors" in values and _write_lines(session, exhibitor, values["co_exhibitors"]):
        changed.append("co_exhibitors")
    if "options" in values and _write_options(session, exhibitor, values["options"]):
        changed.append("options")
    return changed


def _write_contact(
    session: Session, exhibitor: Exhibitor, kind: ContactKind, typed: Mapping[str, str] | None
) -> bool:
    """None removes a contact, but never the main one."""
    found = session.scalars(
        select(Contact).where(Contact.exhibitor_id == exhibitor.id, Contact.kind == kind)
    ).one_or_none()
    if typed is None:
        if found is None or kind == ContactKind.MAIN:
            return False
        session.delete(found)
        session.flush()
        session.expire(exhibitor, ["contacts"])
        return True
    if found is None:
        found = Contact(exhibitor_id=exhibitor.id, kind=kind)
        session.add(found)
        session.expire(exhibitor, ["contacts"])
    changed = [one for one in CONTACT_COLUMNS if one in typed and getattr(found, one) != typed[one]]
    for name in changed:
        setattr(found, name, typed[name])
    if "email" in changed:
        found.email_key = email_key_of(found.email)
    session.flush()
    return bool(changed)


def _write_themes(session: Session, exhibitor: Exhibitor, ids: Sequence[int]) -> bool:
    if sorted(ids) == sorted(one.id for one in exhibitor.themes):
        return False
    exhibitor.themes = list(
        session.scalars(
            select(Theme).where(Theme.id.in_(ids), Theme.edition_id == exhibitor.edition_id)
        )
    )
    return True


def _write_lines(
    session: Session, exhibitor: Exhibitor, typed: Sequence[Mapping[str, str]]
) -> bool:
    found = list(exhibitor.co_exhibitors)
    if [(one["name"], one["website"]) for one in typed] == [
        (one.name, one.website) for one in found
    ]:
        return False
    for extra in found[len(typed) :]:
        session.delete(extra)
    for number, line in enumerate(typed):
        if number >= len(found):
            found.append(CoExhibitor(exhibitor_id=exhibitor.id))
            session.add(found[number])
        found[number].name = line["name"]
        found[number].name_key = folded(line["name"])
        found[number].website = line["website"]
    session.flush()
    session.expire(exhibitor, ["co_exhibitors"])
    return True


def _write_options(session: Session, exhibitor: Exhibitor, wanted: Mapping[int, int]) -> bool:
    """`wanted`: quantities by line of the price list; 0 is none."""
    found = {one.price_item_id: one for one in exhibitor.options}
    known = {one.id for one in queries.price_list(exhibitor.edition_id)}
    changed = False
    for item_id, quantity in wanted.items():
        standing = found.get(item_id)
        if (standing.quantity if standing else 0) == quantity or item_id not in known:
            continue
        changed = True
        if standing is None:
            session.add(
                WantedOption(exhibitor_id=exhibitor.id, price_item_id=item_id, quantity=quantity)
            )
        elif quantity:
            standing.quantity = quantity
        else:
            session.delete(standing)
    if changed:
        session.flush()
        session.expire(exhibitor, ["options"])
    return changed


def give_logo(
    token: str, version: int, content: bytes, data: Path, by: Identity, now: datetime
) -> Exhibitor:
    """The logo, made anew, in the place of the former one, whose file goes once it is replaced.

    Raises LogoRefused, NoLongerEditable, ChangedMeanwhile.
    """
    exhibitor = queries.get_application(token)
    check_is_editable(exhibitor.status)
    stored_name = save_file(data, read_logo(content), ".webp")
    try:
        with transaction(exhibitor) as session:
            check_is_editable(exhibitor.status)
            check_version(version, exhibitor.version)
            former = _set_logo(session, exhibitor, stored_name, by)
    except BaseException:
        remove_file(data, stored_name)
        raise
    remove_file(data, former)
    return exhibitor


def remove_logo(token: str, data: Path, by: Identity, now: datetime) -> Exhibitor:
    """No logo any more; its file goes with it. Raises NoLongerEditable."""
    exhibitor = queries.get_application(token)
    with transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        former = _set_logo(session, exhibitor, "", by)
    remove_file(data, former)
    return exhibitor


def _set_logo(session: Session, exhibitor: Exhibitor, stored_name: str, by: Identity) -> str:
    """Answers the former file, to be removed once this is committed."""
    former, exhibitor.logo_file = exhibitor.logo_file, stored_name
    if exhibitor.status == ApplicationStatus.CHANGES_ASKED:
        subject = f"exhibitor:{exhibitor.id}"
        write_entry(session, by, "exhibitor.change", subject, step="activite", fields=["logo"])
    return former
