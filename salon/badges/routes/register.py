"""Registration of a visitor, and the address read by a phone's camera on a badge."""

from collections.abc import Sequence

from flask import abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.badges import forms, queries, rules, services
from salon.badges.engine.matching import Affiliation
from salon.badges.engine.qr import code_in
from salon.badges.imports.typed_person import person_of, read_place
from salon.badges.models import CHOSEN, DERIVED
from salon.badges.queries.accepted_texts import texts_in_force
from salon.badges.queries.registration_settings import places_of
from salon.badges.routes import blueprint
from salon.badges.routes.invited import invitation_message, requested_invitation
from salon.badges.services import Person
from salon.fair.access import fair_act, get_request_edition
from salon.fair.models import PhoneAsked
from salon.platform.pages.forms import MAX_NAME, SalonForm, required
from salon.platform.pages.public_pages import same_for_all
from salon.platform.settings.clock import now
from salon.platform.web.access import network, public, settings
from salon.platform.web.limits import count_try
from salon.platform.words.errors import RuleBroken

MOST_PLACES = 10
REGISTERED = "registered"
MOST_NAMES = 5
CORRECTED = (
    *("civility", "first_name", "last_name", "function", "function_other", "commune"),
    *("organisation", "email", "phone", "visit_days", "half_day"),
    *("newsletter", "photo", "category"),
)


def count_registration() -> None:
    """Count one more registration from this network address. Raises TooManyTries."""
    count_try(f"registration:{network()}", settings().registrations_per_hour, 3600)


def closed_page(*, is_correction: bool = False) -> ResponseReturnValue | None:
    """Return the page that says when and how to register, or None while registration is open.

    A correction needs no further place.
    """
    edition = get_request_edition()
    try:
        rules.check_registration_is_open(edition, now())
        if not is_correction:
            rules.check_some_place_is_left(places_of(edition))
    except rules.FairIsFull as error:
        page = _closed("Le salon est complet", error, True)
    except rules.RegistrationNotYetOpen as error:
        page = _closed("Les inscriptions ne sont pas encore ouvertes", error, False)
    except rules.RegistrationClosed as error:
        page = _closed("Les inscriptions en ligne sont closes", error, True)
    except rules.RegistrationSuspended as error:
        heading = "Le salon est annulé" if edition.is_cancelled else "Le salon est reporté"
        page = _closed(heading, error, not edition.is_cancelled)
    else:
        return None
    return page, 200 if request.method == "GET" else 409


def _closed(heading: str, error: RuleBroken, keeps_badges: bool) -> str:
    return render_template(
        "badges/closed.html", heading=heading, message=error.message, keeps_badges=keeps_badges
    )


@blueprint.route("/inscription", methods=["GET", "POST"])
@public
@same_for_all(varies=lambda: places_of(get_request_edition()).is_full)
def register() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form = _asked(forms.RegisterForm(data=requested_place()))
    if request.method == "GET":
        return _register_page(form)
    valid = form.validate()
    place = read_place(form)
    if not valid or place is None:
        return _register_page(form), 400
    count_registration()
    person = _person_of(form, place)
    with form.refusals(rules.CategoryClosed, rules.NotEnoughPlaces):
        register_people(person.email, [person], form.submission_key.data, form)
        return redirect(url_for("badges.registered"))
    return _register_page(form), form.status_code


def _asked(form: forms.RegisterForm) -> forms.RegisterForm:
    """Ask what the organisers set: the telephone, and the category where one can be chosen."""
    places = places_of(get_request_edition())
    chosen_categories = {
        row.category: row.label for row in places.open_categories if row.category in CHOSEN
    }
    derived = [row.label for row in places.open_categories if row.category in DERIVED]
    if chosen_categories:
        by_function = {"": f"{' ou '.join(derived)}, selon ma fonction"} if derived else {}
        form.category.choices = by_function | chosen_categories
    else:
        del form.category
    forms.ask_days(form, get_request_edition(), at=now())
    return ask_phone(form)


def _person_of(form: forms.RegisterForm, place: Affiliation) -> Person:
    category = form.category.data or None if "category" in form else None
    read = forms.texts_read(form)
    return person_of(form, place, consents=form.given, category=category, texts_read=read)


def requested_place() -> dict[str, str]:
    """Return the commune, EPCI or organisation that the address names, to fill the form with."""
    if organisation := request.args.get("organisme", "")[:MAX_NAME]:
        return {"organisation": organisation}
    text = request.args.get("commune", "")[:MAX_NAME]
    place = queries.find_place(text) if text else None
    return {"commune": place.name} if isinstance(place, Affiliation) else {}


def ask_phone(form: forms.RegisterForm) -> forms.RegisterForm:
    """Leave the telephone out of the form, or require it, as the organisers set it."""
    setting = get_request_edition().phone_asked
    if setting == PhoneAsked.NO:
        del form.phone
    elif setting == PhoneAsked.REQUIRED:
        form.phone.validators = [
            required("Indiquez un numéro de téléphone."),
            *form.phone.validators[1:],
        ]
        form.phone.flags.required, form.phone.flags.optional = True, False
    return form


def _register_page(form: forms.RegisterForm, *, is_correction: bool = False) -> str:
    forms.show_texts(form, texts_in_force(get_request_edition().id))
    return render_template(
        "badges/register.html",
        form=form,
        places=queries.all_places(),
        invited=requested_invitation(),
        is_correction=is_correction,
        online=places_of(get_request_edition()),
    )


def _remember(
    contact: str, people: Sequence[Person], key: str, form: SalonForm | None = None
) -> None:
    """Save the typed values in this browser, for the page that says where the message went.

    Earlier registrations are not saved, since the browser could read them. Needs are left out.
    """
    session[REGISTERED] = {
        "email": contact,
        "people": [f"{person.first_name} {person.last_name}" for person in people[:MOST_NAMES]],
        "more": max(0, len(people) - MOST_NAMES),
        "key": key,
        "form": {name: form[name].data for name in CORRECTED if name in form}
        if form is not None
        else None,
    }


def register_people(
    contact: str, people: Sequence[Person], key: str, form: SalonForm | None = None
) -> services.Registration:
    """Register, count the invitation of the address if it is valid, and flash the result."""
    invited = requested_invitation()
    code = invited.code if invited else ""
    registration = services.register_visitors(fair_act(), contact, people, key, invitation=code)
    _remember(contact, people, key, form)
    if invited:
        flash(*invitation_message(invited, registration.uninvited))
    return registration


@blueprint.get("/inscription/merci")
@public
def registered() -> ResponseReturnValue:
    return render_template("badges/registered.html", typed=session.get(REGISTERED, {}))


@blueprint.route("/inscription/deja-inscrit", methods=["GET", "POST"])
@public
def send_earlier_badge() -> ResponseReturnValue:
    """Mail the badges of earlier registrations, each to its address; the page never tells whether
    there are any."""
    typed, form = session.get(REGISTERED, {}), SalonForm()
    if not typed.get("key"):
        return redirect(url_for("badges.find_badge"))
    if not form.validate_on_submit():
        return render_template("badges/send_earlier_badge.html", form=form, typed=typed)
    count_try(f"find-badge:{network()}", settings().registrations_per_hour, 3600)
    services.send_earlier_badges(fair_act(), typed["key"])
    flash(
        "Si une autre inscription vous ressemble, son badge vient de repartir à l’adresse qu’elle "
        "porte\u00a0: la vôtre, ou celle de la mairie ou de l’organisme qui l’a faite.",
        "success",
    )
    return redirect(url_for("badges.registered"))


@blueprint.route("/inscription/corriger", methods=["GET", "POST"])
@public
def correct() -> ResponseReturnValue:
    """Show the form as it was just sent, to correct it and send it again."""
    saved_values = session.get(REGISTERED, {})
    if not saved_values.get("form"):
        return redirect(url_for("badges.register"))
    if closed := closed_page(is_correction=True):
        return closed
    if request.method == "GET":
        return _register_page(
            _asked(forms.RegisterForm(data=saved_values["form"])), is_correction=True
        )
    form = _asked(forms.RegisterForm())
    valid = form.validate()
    place = read_place(form)
    if not valid or place is None:
        return _register_page(form, is_correction=True), 400
    count_registration()
    person, key = _person_of(form, place), form.submission_key.data
    with form.refusals(rules.CategoryClosed, rules.NotEnoughPlaces):
        services.correct_registration(fair_act(), saved_values["key"], person, key)
        _remember(person.email, [person], key, form)
        return redirect(url_for("badges.registered"))
    return _register_page(form, is_correction=True), form.status_code


@blueprint.route("/inscription/retrouver", methods=["GET", "POST"])
@public
def find_badge() -> ResponseReturnValue:
    """Mail the badges of an address to it again; the page never tells whether there are any."""
    form = forms.FindBadgeForm()
    if request.method == "GET":
        return render_template("badges/find_badge.html", form=form)
    if not form.validate():
        return render_template("badges/find_badge.html", form=form), 400
    count_try(f"find-badge:{network()}", settings().registrations_per_hour, 3600)
    services.send_badges(fair_act(), form.email.data or "")
    return render_template("badges/badge_sent.html", email=form.email.data)


@blueprint.get("/communes.json")
@public
def places() -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    count_try(f"places:{network()}", settings().searches_per_minute * 5, 60)
    places = queries.search_places(text, MOST_PLACES)
    return jsonify(
        places=[
            {"name": place.name, "kind": place.kind, "code": place.commune_code or place.epci_siren}
            for place in places
        ]
    )


@blueprint.get("/B/<code>")
@blueprint.get("/b/<code>")
@public
def public_code(code: str) -> ResponseReturnValue:
    if code_in(code) is None:
        abort(404)
    return render_template("badges/public_code.html")
