"""Forms of the steps: filled with the saved answers, read, and compared after a conflict."""

from collections.abc import Iterator
from typing import Any

from wtforms import BooleanField, Field, FieldList, Form, FormField, HiddenField

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
from salon.exhibitors.rules.application import (
    MOST_THEMES,
    ApplicationStep,
    check_area,
    check_at_most,
)
from salon.fair.queries import themes_of
from salon.platform.pages.forms import SalonForm
from salon.platform.words import formats
from salon.platform.words.errors import RuleBroken

ORGANISATION = (
    *("legal_name", "name", "address", "postal_code", "city", "country"),
    *("foreign_number", "vat_number", "website"),
)
CONTACT = ("civility", "first_name", "last_name", "function", "email", "phone")


def step_form(step: ApplicationStep, exhibitor: Exhibitor, sent: bool = False) -> Any:
    """Return the form of a step, holding the data `sent`, else the saved answers."""
    arguments: dict[str, object] = (
        {} if sent else {"formdata": None, "data": saved_values(step, exhibitor)}
    )
    if step == ApplicationStep.OPTIONS:
        items = queries.price_list(exhibitor.edition_id, PriceUnit.OPTION)
        return forms.options_form(items)(**arguments)
    form: Any = FORMS[step](**arguments)
    if step == ApplicationStep.ORGANISATION and exhibitor.siret:
        form.postal_code.flags.required = True
        del form.country
        del form.foreign_number
    if step == ApplicationStep.ACTIVITY:
        edition = queries.edition_of(exhibitor)
        form.themes.choices = {theme.id: theme.name for theme in themes_of(edition)}
    if step == ApplicationStep.WISHES:
        offer_choices(form, exhibitor.edition_id, exhibitor.power_kw)
    return form


FORMS = {
    ApplicationStep.ORGANISATION: forms.OrganisationForm,
    ApplicationStep.CONTACTS: forms.ContactsForm,
    ApplicationStep.ACTIVITY: forms.ActivityForm,
    ApplicationStep.WISHES: forms.WishesForm,
}


def offer_choices(form: SalonForm, edition_id: int, power_kw: int = 0) -> None:
    """Set the powers and the halls to choose from; `power_kw`: the one chosen before."""
    prices = queries.price_list(edition_id, PriceUnit.POWER)
    power = {
        item.power_kw: f"{item.power_kw} kW, {formats.euros(item.unit_price)} hors taxes"
        for item in prices
    }
    if power_kw:
        power.setdefault(power_kw, f"{power_kw} kW")
    form.power_kw.choices = {0: "Sans électricité", **power}
    halls = queries.hall_names(edition_id)
    hall_names = {key: f"Hall {name}" for key, name in halls.items()}
    form.wished_hall_id.choices = {0: "Sans préférence", **hall_names}


def saved_values(step: ApplicationStep, exhibitor: Exhibitor) -> dict[str, object]:
    """Return the saved answers as the form of a step would send them."""
    values: dict[str, object] = {"version": str(exhibitor.version)}
    if step == ApplicationStep.ORGANISATION:
        values |= {name: getattr(exhibitor, name) for name in ORGANISATION}
        values["kind"] = exhibitor.kind.value
    elif step == ApplicationStep.CONTACTS:
        values |= {contact.kind.value: _typed_contact(contact) for contact in exhibitor.contacts}
    elif step == ApplicationStep.ACTIVITY:
        values["sector"] = exhibitor.sector.value if exhibitor.sector else ""
        values["themes"] = [theme.id for theme in exhibitor.themes]
        values["presentation"] = exhibitor.presentation
    elif step == ApplicationStep.WISHES:
        names = ("area", "wants_corner", "wants_water", "power_kw", "near", "apart", "wish_note")
        values |= {name: getattr(exhibitor, name) for name in names}
        values["wished_hall_id"] = exhibitor.wished_hall_id or 0
        values["co_exhibitors"] = [
            {"name": co_exhibitor.name, "website": co_exhibitor.website}
            for co_exhibitor in exhibitor.co_exhibitors
        ]
    elif step == ApplicationStep.OPTIONS:
        values |= {
            f"option-{option.price_item_id}": option.quantity for option in exhibitor.options
        }
    return values


def _typed_contact(contact: Contact) -> dict[str, str]:
    return {name: getattr(contact, name) for name in CONTACT}


def check_allowed(form: SalonForm, terms: ExhibitorTerms) -> bool:
    """Return whether the rules accept the answers; set their messages on the fields."""
    checks = []
    if "area" in form and form.area.data is not None:
        bounds = (form.area.data, terms.minimum_area, terms.maximum_area)
        checks.append((form.area, lambda: check_area(*bounds)))
    if "themes" in form:
        theme_ids = form.themes.data or []
        checks.append((form.themes, lambda: check_at_most(theme_ids, MOST_THEMES, "thèmes")))
    allowed = True
    for field, check in checks:
        try:
            check()
        except RuleBroken as error:
            field.errors = [*field.errors, error.message]
            allowed = False
    return allowed


def answers(step: ApplicationStep, form: SalonForm) -> dict[str, object]:
    """Return the answers to save: blank ones too, but no invalid one."""
    if step == ApplicationStep.CONTACTS:
        return {"contacts": {kind.value: _contact(form[kind.value]) for kind in ContactKind}}
    if step == ApplicationStep.OPTIONS:
        quantities = {field.name.rpartition("-")[2]: field.data or 0 for field in _quantities(form)}
        return {"options": {int(key): int(quantity) for key, quantity in quantities.items()}}
    values = {
        field.name: field.data
        for field in form
        if field.name not in ("csrf_token", "version", "logo", "co_exhibitors")
        and _is_savable(field)
    }
    if step == ApplicationStep.ORGANISATION:
        values = {name: value or "" for name, value in values.items()}
        if values.get("kind"):
            values["kind"] = OrganisationKind(values["kind"])
        else:
            values.pop("kind", None)
    elif step == ApplicationStep.ACTIVITY:
        values["sector"] = Sector(form.sector.data) if values.get("sector") else None
        values["presentation"] = values.get("presentation") or ""
        values["themes"] = values.get("themes") or []
    elif step == ApplicationStep.WISHES:
        values |= _wishes(form, values)
    return {name: value for name, value in values.items() if _is_savable(form[name])}


def entered_answers(form: forms.EntryForm) -> dict[str, object]:
    """Return the answers of an application entered by an organiser."""
    wishes = answers(ApplicationStep.WISHES, form)
    return {
        **{name: value for name, value in wishes.items() if hasattr(forms.WishFields, name)},
        **answers(ApplicationStep.OPTIONS, form),
        **({"name": form.name.data} if form.name.data else {}),
        "contacts": {"main": _contact(form.main)},
    }


def _wishes(form: SalonForm, values: dict[str, object]) -> dict[str, object]:
    changed: dict[str, object] = {
        "wished_hall_id": form.wished_hall_id.data or None,
        "wish_note": form.wish_note.data or "",
        "co_exhibitors": form.lines,
    }
    for attribute in ("near", "apart"):
        changed[attribute] = [text for text in form[attribute].data if text]
    if values.get("area") is None:
        values.pop("area", None)
    return changed


def _quantities(form: SalonForm) -> Iterator[Any]:
    return (field for field in form if field.name.startswith("option-") and not field.errors)


def _is_savable(field: Field) -> bool:
    """Return whether a field is valid or merely blank."""
    if isinstance(field, FieldList):
        return not any(entry.errors for entry in field.entries)
    return not field.errors or not (field.raw_data and any(field.raw_data))


def _contact(entry: FormField) -> dict[str, str] | None:
    if getattr(entry.form, "is_blank", False):
        return None
    return {field.short_name: field.data or "" for field in entry.form if _is_savable(field)}


def wrong_fields(form: SalonForm) -> list[str]:
    """Return the labels of the invalid fields, for « sauf… »."""
    return [
        label
        for label, field in _leaves(form)
        if field.errors and not _is_savable(field) and not isinstance(field, HiddenField)
    ]


def differences(
    step: ApplicationStep, exhibitor: Exhibitor, form: SalonForm
) -> list[tuple[str, str, str]]:
    """Return (label, saved value, typed value) of each field where the two differ."""
    return compare(step_form(step, exhibitor), form)


def compare(saved_form: Form, form: Form) -> list[tuple[str, str, str]]:
    """Return (label, saved value, typed value) where two forms of one class differ."""
    standing = {label: shown(field) for label, field in _leaves(saved_form)}
    typed_values = {label: shown(field) for label, field in _leaves(form)}
    return [
        (label, standing.get(label, ""), typed_values.get(label, ""))
        for label in [*typed_values, *(label for label in standing if label not in typed_values)]
        if standing.get(label, "") != typed_values.get(label, "")
    ]


def _leaves(form: Form, path: str = "") -> Iterator[tuple[str, Field]]:
    for field in form:
        if isinstance(field, FormField):
            yield from _leaves(field.form, f"{path}{field.label.text} : ")
        elif isinstance(field, FieldList):
            for number, entry in enumerate(field.entries, start=1):
                if isinstance(entry, FormField):
                    yield from _leaves(entry.form, f"{entry.label.text} {number} : ")
                else:
                    yield f"{entry.label.text} {number}", entry
        elif field.name not in ("csrf_token", "version", "logo"):
            yield f"{path}{field.label.text}", field


def shown(field: Field) -> str:
    """Return a value as a person reads it."""
    if isinstance(field, BooleanField):
        return "Oui" if field.data else "Non"
    choices = getattr(field, "choices", None)
    if isinstance(choices, dict):
        values = field.data if isinstance(field.data, list) else [field.data]
        return ", ".join(str(choices[key]) for key in values if key in choices)
    return "" if field.data in (None, "") else str(field.data)
