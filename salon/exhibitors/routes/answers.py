"""The forms of the steps: filled with what is saved, read, and compared when both moved."""

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, FieldList, FormField, HiddenField

from salon.exhibitors.forms import application as forms
from salon.exhibitors.models import (
    Contact,
    ContactKind,
    Exhibitor,
    ExhibitorTerms,
    OrganisationKind,
    PriceUnit,
    Sector,
)
from salon.exhibitors.queries import applications as queries
from salon.exhibitors.rules.application import MOST_THEMES, Step, check_area, check_at_most
from salon.fair.queries import themes_of
from salon.platform import formats
from salon.platform.errors import RuleBroken

ORGANISATION = (
    *("legal_name", "name", "address", "postal_code", "city", "country"),
    *("foreign_number", "vat_number", "website"),
)
CONTACT = ("civility", "first_name", "last_name", "function", "email", "phone")


def step_form(step: Step, exhibitor: Exhibitor, sent: bool = False) -> Any:
    """The form of a step, holding what was `sent`, else what is saved."""
    held: dict[str, Any] = {} if sent else {"formdata": None, "data": saved(step, exhibitor)}
    if step == Step.OPTIONS:
        items = queries.price_list(exhibitor.edition_id, PriceUnit.OPTION)
        return forms.options_form(items)(**held)
    form: Any = FORMS[step](**held)
    if step == Step.ORGANISATION and exhibitor.siret:
        form.postal_code.flags.required = True
        del form.country
        del form.foreign_number
    if step == Step.ACTIVITY:
        edition = queries.edition_of(exhibitor)
        form.themes.choices = {one.id: one.name for one in themes_of(edition)}
    if step == Step.WISHES:
        _offer_choices(form, exhibitor)
    return form


FORMS = {
    Step.ORGANISATION: forms.OrganisationForm,
    Step.CONTACTS: forms.ContactsForm,
    Step.ACTIVITY: forms.ActivityForm,
    Step.WISHES: forms.WishesForm,
}


def _offer_choices(form: Any, exhibitor: Exhibitor) -> None:
    prices = queries.price_list(exhibitor.edition_id, PriceUnit.POWER)
    power = {
        one.power_kw: f"{one.power_kw} kW, {formats.euros(one.unit_price)} hors taxes"
        for one in prices
    }
    if exhibitor.power_kw:
        power.setdefault(exhibitor.power_kw, f"{exhibitor.power_kw} kW")
    form.power_kw.choices = {0: "Sans électricité", **power}
    halls = queries.hall_names(exhibitor.edition_id)
    named = {key: f"Hall {name}" for key, name in halls.items()}
    form.wished_hall_id.choices = {0: "Sans préférence", **named}


def saved(step: Step, exhibitor: Exhibitor) -> dict[str, Any]:
    """What the form of a step would hold if what is saved had been typed."""
    values: dict[str, Any] = {"version": str(exhibitor.version)}
    if step == Step.ORGANISATION:
        values |= {name: getattr(exhibitor, name) for name in ORGANISATION}
        values["kind"] = exhibitor.kind.value
    elif step == Step.CONTACTS:
        values |= {one.kind.value: _typed_contact(one) for one in exhibitor.contacts}
    elif step == Step.ACTIVITY:
        values["sector"] = exhibitor.sector.value if exhibitor.sector else ""
        values["themes"] = [one.id for one in exhibitor.themes]
        values["presentation"] = exhibitor.presentation
    elif step == Step.WISHES:
        names = ("area", "wants_corner", "wants_water", "power_kw", "near", "apart", "wish_note")
        values |= {name: getattr(exhibitor, name) for name in names}
        values["wished_hall_id"] = exhibitor.wished_hall_id or 0
        values["co_exhibitors"] = [
            {"name": one.name, "website": one.website} for one in exhibitor.co_exhibitors
        ]
    elif step == Step.OPTIONS:
        values |= {f"option-{one.price_item_id}": one.quantity for one in exhibitor.options}
    return values


def _typed_contact(contact: Contact) -> dict[str, str]:
    return {name: getattr(contact, name) for name in CONTACT}


def check_allowed(form: Any, terms: ExhibitorTerms) -> bool:
    """Says at the field what the rules refuse; whether they refuse nothing."""
    checks = []
    if "area" in form and form.area.data is not None:
        bounds = (form.area.data, terms.minimum_area, terms.maximum_area)
        checks.append((form.area, lambda: check_area(*bounds)))
    if "themes" in form:
        chosen = form.themes.data or []
        checks.append((form.themes, lambda: check_at_most(chosen, MOST_THEMES, "thèmes")))
    allowed = True
    for field, check in checks:
        try:
            check()
        except RuleBroken as error:
            field.errors = [*field.errors, error.message]
            allowed = False
    return allowed


def answers(step: Step, form: Any) -> dict[str, Any]:
    """What to save of a form: what was left blank too, but nothing that is wrong."""
    if step == Step.CONTACTS:
        return {"contacts": {kind.value: _contact(form[kind.value]) for kind in ContactKind}}
    if step == Step.OPTIONS:
        wanted = {one.name.rpartition("-")[2]: one.data or 0 for one in _quantities(form)}
        return {"options": {int(key): int(quantity) for key, quantity in wanted.items()}}
    values = {
        field.name: field.data
        for field in form
        if field.name not in ("csrf_token", "version", "logo", "co_exhibitors") and _kept(field)
    }
    if step == Step.ORGANISATION:
        values = {name: value or "" for name, value in values.items()}
        if values.get("kind"):
            values["kind"] = OrganisationKind(values["kind"])
        else:
            values.pop("kind", None)
    elif step == Step.ACTIVITY:
        values["sector"] = Sector(form.sector.data) if values.get("sector") else None
        values["presentation"] = values.get("presentation") or ""
        values["themes"] = values.get("themes") or []
    elif step == Step.WISHES:
        values |= _wishes(form, values)
    return {name: value for name, value in values.items() if _kept(form[name])}


def _wishes(form: Any, values: dict[str, Any]) -> dict[str, Any]:
    changed: dict[str, Any] = {
        "wished_hall_id": form.wished_hall_id.data or None,
        "wish_note": form.wish_note.data or "",
        "co_exhibitors": form.lines,
    }
    for name in ("near", "apart"):
        changed[name] = [one for one in form[name].data if one]
    if values.get("area") is None:
        values.pop("area", None)
    return changed


def _quantities(form: Any) -> Iterator[Any]:
    return (one for one in form if one.name.startswith("option-") and not one.errors)


def _kept(field: Any) -> bool:
    """A field is kept when nothing is wrong with it, or when it is merely blank."""
    if isinstance(field, FieldList):
        return not any(one.errors for one in field.entries)
    return not field.errors or not (field.raw_data and any(field.raw_data))


def _contact(entry: FormField) -> dict[str, str] | None:
    if getattr(entry.form, "is_blank", False):
        return None
    return {one.short_name: one.data or "" for one in entry.form if _kept(one)}


def wrong_fields(form: Any) -> list[str]:
    """The names of the fields that hold something wrong, for « sauf… »."""
    return [
        label
        for label, field in _leaves(form)
        if field.errors and not _kept(field) and not isinstance(field, HiddenField)
    ]


def differences(step: Step, exhibitor: Exhibitor, form: Any) -> list[tuple[str, str, str]]:
    """(field, what is saved, what was typed) where the two differ."""
    return compare(step_form(step, exhibitor), form)


def compare(saved_form: Any, form: Any) -> list[tuple[str, str, str]]:
    """The same, of any two forms of one class."""
    standing = {label: shown(one) for label, one in _leaves(saved_form)}
    typed = {label: shown(one) for label, one in _leaves(form)}
    return [
        (label, standing.get(label, ""), typed.get(label, ""))
        for label in [*typed, *(one for one in standing if one not in typed)]
        if standing.get(label, "") != typed.get(label, "")
    ]


def _leaves(form: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    for field in form:
        if isinstance(field, FormField):
            yield from _leaves(field.form, f"{where}{field.label.text} : ")
        elif isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, start=1):
                if isinstance(entry, FormField):
                    yield from _leaves(entry.form, f"{entry.label.text} {number} : ")
                else:
                    yield f"{entry.label.text} {number}", entry
        elif field.name not in ("csrf_token", "version", "logo"):
            yield f"{where}{field.label.text}", field


def shown(field: Any) -> str:
    """A value as a person reads it."""
    if isinstance(field, BooleanField):
        return "Oui" if field.data else "Non"
    choices = getattr(field, "choices", None)
    if isinstance(choices, dict):
        chosen = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choices[one]) for one in chosen if one in choices)
    return "" if field.data in (None, "") else str(field.data)
