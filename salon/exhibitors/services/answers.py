"""Save the steps of an application, as long as it may still be edited."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from salon.accounts.queries import email_key_of
from salon.exhibitors.actions import ExhibitorAction
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
    ApplicationStep,
    check_area,
    check_at_most,
    check_is_editable,
)
from salon.exhibitors.services.applications import send_link_to_new_address
from salon.fair.models import Theme
from salon.platform.database.act import Act
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import Values, check_version
from salon.platform.files.uploads import (
    read_logo,
    remove_file,
    removed_unless_saved,
    save_file,
)
from salon.platform.storage.store import FileStore
from salon.platform.words.texts import folded

COLUMNS = (
    *("kind", "legal_name", "name", "address", "postal_code", "city", "country"),
    *("foreign_number", "vat_number", "website", "sector", "presentation"),
    *("area", "wants_corner", "wants_water", "power_kw", "wished_hall_id"),
    *("near", "apart", "wish_note"),
)
CONTACT_COLUMNS = ("civility", "first_name", "last_name", "function", "email", "phone")


def save_step(
    act: Act,
    token: str,
    version: int,
    step: ApplicationStep,
    values: Mapping[str, object],
    finished: bool = True,
) -> Exhibitor:
    """Save the answers of a step; answers that `values` does not name stay.

    `version` is the one read. Idempotent: saving the same values changes nothing, whatever the
    version. `finished` False is an intermediate save: no message is posted. Raises
    NoLongerEditable, StaleVersion, AreaOutOfBounds, TooManyChoices.
    """
    exhibitor = queries.get_application(token)
    terms = terms_of(queries.edition_of(exhibitor))
    check_values(values, terms)
    with act.transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        read = exhibitor.version
        changed_names = write_answers(session, exhibitor, values)
        if changed_names:
            check_version(version, read)
            _touch(exhibitor)
            if exhibitor.status == ApplicationStatus.CHANGES_ASKED:
                subject = f"exhibitor:{exhibitor.id}"
                write_entry(
                    session,
                    act.actor,
                    ExhibitorAction.CHANGE,
                    subject,
                    step=step,
                    fields=changed_names,
                )
        exhibitor.note_saved(act.now)
        session.flush()
        if finished and step == ApplicationStep.CONTACTS:
            send_link_to_new_address(session, exhibitor)
    return exhibitor


def check_values(values: Values, terms: ExhibitorTerms) -> None:
    """Raise AreaOutOfBounds or TooManyChoices."""
    if "area" in values:
        check_area(values["area"], terms.minimum_area, terms.maximum_area)
    check_at_most(values.get("themes", ()), MOST_THEMES, "thèmes")
    check_at_most(values.get("near", ()), MOST_NEIGHBOURS, "voisins souhaités")
    check_at_most(values.get("apart", ()), MOST_NEIGHBOURS, "concurrents")
    check_at_most(values.get("co_exhibitors", ()), MOST_CO_EXHIBITORS, "co-exposants")


def _touch(exhibitor: Exhibitor) -> None:
    """Raise the version for a change of contacts, themes, co-exhibitors or options."""
    flag_modified(exhibitor, "wish_note")


def write_answers(session: Session, exhibitor: Exhibitor, values: Values) -> list[str]:
    """Write the values that differ; return their names."""
    changed_names = [
        name for name in COLUMNS if name in values and getattr(exhibitor, name) != values[name]
    ]
    for name in changed_names:
        setattr(exhibitor, name, values[name])
    if "name" in changed_names:
        exhibitor.name_key = folded(exhibitor.name)
    for kind, contact_values in values.get("contacts", {}).items():
        if _write_contact(session, exhibitor, ContactKind(kind), contact_values):
            changed_names.append(f"contact_{kind}")
    if "themes" in values and _write_themes(session, exhibitor, values["themes"]):
        changed_names.append("themes")
    if "co_exhibitors" in values and _write_lines(session, exhibitor, values["co_exhibitors"]):
        changed_names.append("co_exhibitors")
    if "options" in values and _write_options(session, exhibitor, values["options"]):
        changed_names.append("options")
    return changed_names


def _write_contact(
    session: Session,
    exhibitor: Exhibitor,
    kind: ContactKind,
    contact_values: Mapping[str, str] | None,
) -> bool:
    """Write a contact; None removes it, except the main one."""
    contact = session.scalars(
        select(Contact).where(Contact.exhibitor_id == exhibitor.id, Contact.kind == kind)
    ).one_or_none()
    if contact_values is None:
        if contact is None or kind == ContactKind.MAIN:
            return False
        session.delete(contact)
        session.flush()
        session.expire(exhibitor, ["contacts"])
        return True
    if contact is None:
        contact = Contact(exhibitor_id=exhibitor.id, kind=kind)
        session.add(contact)
        session.expire(exhibitor, ["contacts"])
    changed = [
        column
        for column in CONTACT_COLUMNS
        if column in contact_values and getattr(contact, column) != contact_values[column]
    ]
    for name in changed:
        setattr(contact, name, contact_values[name])
    if "email" in changed:
        contact.email_key = email_key_of(contact.email)
    session.flush()
    return bool(changed)


def _write_themes(session: Session, exhibitor: Exhibitor, ids: Sequence[int]) -> bool:
    if sorted(ids) == sorted(theme.id for theme in exhibitor.themes):
        return False
    exhibitor.themes = list(
        session.scalars(
            select(Theme).where(Theme.id.in_(ids), Theme.edition_id == exhibitor.edition_id)
        )
    )
    return True


def _write_lines(
    session: Session, exhibitor: Exhibitor, staff_values: Sequence[Mapping[str, str]]
) -> bool:
    co_exhibitors = list(exhibitor.co_exhibitors)
    if [(line["name"], line["website"]) for line in staff_values] == [
        (co_exhibitor.name, co_exhibitor.website) for co_exhibitor in co_exhibitors
    ]:
        return False
    for extra in co_exhibitors[len(staff_values) :]:
        session.delete(extra)
    for number, line in enumerate(staff_values):
        if number >= len(co_exhibitors):
            co_exhibitors.append(CoExhibitor(exhibitor_id=exhibitor.id))
            session.add(co_exhibitors[number])
        co_exhibitors[number].name = line["name"]
        co_exhibitors[number].name_key = folded(line["name"])
        co_exhibitors[number].website = line["website"]
    session.flush()
    session.expire(exhibitor, ["co_exhibitors"])
    return True


def _write_options(session: Session, exhibitor: Exhibitor, quantities: Mapping[int, int]) -> bool:
    """Write `quantities` by price item; 0 removes the option."""
    options_by_item = {option.price_item_id: option for option in exhibitor.options}
    item_ids = {item.id for item in queries.price_list(exhibitor.edition_id)}
    is_changed = False
    for item_id, quantity in quantities.items():
        standing = options_by_item.get(item_id)
        if (standing.quantity if standing else 0) == quantity or item_id not in item_ids:
            continue
        is_changed = True
        if standing is None:
            session.add(
                WantedOption(exhibitor_id=exhibitor.id, price_item_id=item_id, quantity=quantity)
            )
        elif quantity:
            standing.quantity = quantity
        else:
            session.delete(standing)
    if is_changed:
        session.flush()
        session.expire(exhibitor, ["options"])
    return is_changed


def give_logo(act: Act, token: str, version: int, content: bytes, store: FileStore) -> Exhibitor:
    """Save a re-encoded logo and remove the file it replaces.

    Raises LogoRefused, NoLongerEditable, StaleVersion.
    """
    exhibitor = queries.get_application(token)
    check_is_editable(exhibitor.status)
    stored_name = save_file(store, read_logo(content), ".webp")
    with removed_unless_saved(store, stored_name), act.transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        check_version(version, exhibitor.version)
        former = _set_logo(act, session, exhibitor, stored_name)
    remove_file(store, former)
    return exhibitor


def remove_logo(act: Act, token: str, store: FileStore) -> Exhibitor:
    """Remove the logo and its file. Raises NoLongerEditable."""
    exhibitor = queries.get_application(token)
    with act.transaction(exhibitor) as session:
        check_is_editable(exhibitor.status)
        former = _set_logo(act, session, exhibitor, "")
    remove_file(store, former)
    return exhibitor


def _set_logo(act: Act, session: Session, exhibitor: Exhibitor, stored_name: str) -> str:
    """Return the former file, to be removed after the commit."""
    former, exhibitor.logo_file = exhibitor.logo_file, stored_name
    exhibitor.note_saved(act.now)
    if exhibitor.status == ApplicationStatus.CHANGES_ASKED:
        subject = f"exhibitor:{exhibitor.id}"
        write_entry(
            session, act.actor, ExhibitorAction.CHANGE, subject, step="activite", fields=["logo"]
        )
    return former
