"""A visitor registers; a phone's camera opens the address of a badge."""

from collections.abc import Sequence

from flask import abort, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.access import actor, network, public, settings
from salon.badges import forms, queries, rules, services
from salon.badges.qr import code_in
from salon.badges.routes import blueprint
from salon.badges.routes.invited import invitation_asked, said_of_invitation
from salon.badges.services import Person
from salon.badges.typed import person_of, place_typed
from salon.limits import count_try
from salon.times import now

MOST_PLACES = 10


def count_registration() -> None:
    """One more registration from this address. Raises TooManyTries."""
    count_try(f"registration:{network()}", settings().registrations_per_hour, 3600)


def closed_page() -> ResponseReturnValue | None:
    """The page that says when and how to register, when it cannot be done now."""
    edition = queries.get_edition()
    try:
        rules.check_registration_is_open(
            edition.registration_opens_at, edition.registration_closes_at, now()
        )
    except rules.RegistrationNotYetOpen as error:
        page = render_template("badges/closed.html", message=error.message, is_over=False)
    except rules.RegistrationClosed as error:
        page = render_template("badges/closed.html", message=error.message, is_over=True)
    else:
        return None
    return page, 200 if request.method == "GET" else 409


@blueprint.route("/inscription", methods=["GET", "POST"])
@public
def register() -> ResponseReturnValue:
    if closed := closed_page():
        return closed
    form = forms.RegisterForm()
    if request.method == "GET":
        return _register_page(form)
    valid = form.validate()
    place = place_typed(form)
    if not valid or place is None:
        return _register_page(form), 400
    count_registration()
    person = person_of(form, place, consents=form.given)
    register_people(person.email, [person], form.submission_key.data)
    return redirect(url_for("badges.registered"))


def _register_page(form: forms.RegisterForm) -> str:
    return render_template(
        "badges/register.html", form=form, places=queries.all_places(), invited=invitation_asked()
    )


def register_people(contact: str, people: Sequence[Person], key: str) -> None:
    """Registers, counts the invitation of the address if it is worth something, and says so."""
    invited = invitation_asked()
    code = invited.code if invited else ""
    done = services.register_visitors(contact, people, key, now(), actor(), invitation=code)
    session["registered"] = contact
    if invited:
        flash(*said_of_invitation(invited, done.uninvited))


@blueprint.get("/inscription/merci")
@public
def registered() -> ResponseReturnValue:
    return render_template("badges/registered.html", email=session.get("registered", ""))


@blueprint.get("/communes.json")
@public
def places() -> ResponseReturnValue:
    text = request.args.get("q", "")[:100]
    count_try(f"places:{network()}", settings().searches_per_minute * 5, 60)
    found = queries.search_places(text, MOST_PLACES)
    return jsonify(
        places=[
            {"name": one.name, "kind": one.kind, "code": one.commune_code or one.epci_siren}
            for one in found
        ]
    )


@blueprint.get("/B/<code>")
@blueprint.get("/b/<code>")
@public
def public_code(code: str) -> ResponseReturnValue:
    if code_in(code) is None:
        abort(404)
    return render_template("badges/public_code.html")
