"""« Communes et EPCI »: the book, whom to invite or to call, the page of one place."""

from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges.queries import all_epcis
from salon.fair.access import get_request_edition
from salon.invitations.documents import book_table
from salon.invitations.engine import InvitationState
from salon.invitations.forms import AuthorityForm, BookFilterForm, BookSendForm
from salon.invitations.models import InvitedKind
from salon.invitations.presenters import LOOKS, NO_ANSWER, function_words
from salon.invitations.queries import territory
from salon.invitations.queries.candidates import find_past_edition
from salon.invitations.queries.invitations import kinds_that_can_answer
from salon.invitations.queries.territory import BookFilter, BookRow
from salon.invitations.routes import blueprint
from salon.invitations.routes.organiser import confirm_sending
from salon.invitations.rules import check_invites, may_be_invited
from salon.invitations.services.authorities import change_authority, erase_head
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import actor, only, stays_open
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken

PLACES = (InvitedKind.PLACE,)


def _read_filters() -> tuple[BookFilterForm, BookFilter]:
    form = BookFilterForm(request.args)
    form.epci.choices = {"": "Tous", **{epci.siren: epci.name for epci in all_epcis()}}
    return form, requested_filters(form, BookFilter)


def _refusal() -> str:
    """Return why nobody is invited now, "" when places may be."""
    edition = get_request_edition()
    try:
        check_invites(edition, now())
    except RuleBroken as error:
        return error.message
    can_answer = kinds_that_can_answer(edition, PLACES, now())
    return "" if can_answer else NO_ANSWER[InvitedKind.PLACE]


def _may_be_invited(row: BookRow) -> bool:
    organisation = row.organisation
    return bool(row.email) and may_be_invited(organisation.state, organisation.sent_at, now())


@blueprint.get("/organisation/communes")
@only(Domain.REGISTRATIONS)
def communes() -> ResponseReturnValue:
    form, filters = _read_filters()
    every_row = territory.book_rows(get_request_edition())
    rows = territory.filtered(every_row, filters)
    counts = {
        state: sum(row.organisation.state == state for row in every_row)
        for state in InvitationState
    }
    return render_template(
        "invitations/communes.html",
        form=form,
        send_form=BookSendForm(),
        active=filters_in_force(form),
        page=territory.book_page(rows, requested_page()),
        counts=counts,
        totals=territory.totals_by_epci(every_row),
        without_address=sum(not row.email for row in every_row),
        is_book_empty=not any(row.authority for row in every_row),
        to_invite=sum(map(_may_be_invited, rows)),
        looks=LOOKS,
        may_be_invited=_may_be_invited,
        function_words=function_words,
        past=find_past_edition(get_request_edition()),
        refusal=_refusal(),
    )


@blueprint.get("/organisation/communes.<any(csv,xlsx):kind>")
@only(Domain.REGISTRATIONS)
@long_answer
def communes_file(kind: str) -> ResponseReturnValue:
    _, filters = _read_filters()
    note(actor(), "authorities.exported", filters=filters.as_dict())
    rows = territory.filtered(territory.book_rows(get_request_edition()), filters)
    table = book_table(territory.sorted_rows(rows, requested_page()))
    return table.download("communes-et-epci", kind)


@blueprint.get("/organisation/communes/appels")
@only(Domain.REGISTRATIONS)
def communes_calls() -> ResponseReturnValue:
    """Show a sheet to print, of those of the filters who have not answered."""
    form, filters = _read_filters()
    note(actor(), "authorities.exported", filters=filters.as_dict())
    rows = territory.filtered(territory.book_rows(get_request_edition()), filters)
    answers = (InvitationState.ANSWERED, InvitationState.DECLINED, InvitationState.OPPOSED)
    if not filters.state:
        rows = [row for row in rows if row.organisation.state not in answers]
    return render_template(
        "invitations/communes_calls.html",
        rows=territory.sorted_rows(rows, requested_page()),
        active=filters_in_force(form),
        moment=now(),
    )


@blueprint.post("/organisation/communes/inviter")
@only(Domain.REGISTRATIONS)
def invite_communes() -> ResponseReturnValue:
    form = BookSendForm()
    _, filters = _read_filters()
    keys = set(request.form.getlist("row"))
    query = urlencode(request.args.to_dict())
    back = f"{url_for('invitations.communes')}{'?' if query else ''}{query}"
    rows = territory.book_rows(get_request_edition())
    chosen = [
        row.organisation.candidate
        for row in (territory.filtered(rows, filters) if form.everybody.data else rows)
        if (form.everybody.data or row.key in keys) and _may_be_invited(row)
    ]
    if not form.validate() or not chosen or _refusal():
        flash("Cochez au moins une commune ou un EPCI à inviter.", "warning")
        return redirect(back)
    return confirm_sending(form.submission_key.data, PLACES, chosen, back)


def _get_row(place: str) -> BookRow:
    row = territory.find_book_row(get_request_edition(), place)
    if row is None:
        abort(404)
    return row


@blueprint.route("/organisation/communes/<place>", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
def commune(place: str) -> ResponseReturnValue:
    row = _get_row(place)
    form = AuthorityForm(obj=row.authority)
    if form.validate_on_submit():
        prefix, _, code = place.partition(":")
        change_authority(
            request_act(),
            code if prefix == "commune" else None,
            code if prefix == "epci" else None,
            {field.name: field.data for field in form if field.name in AUTHORITY_FIELDS},
        )
        flash(f"{row.name} : les coordonnées sont enregistrées.", "success")
        return redirect(url_for("invitations.communes"))
    page = render_template(
        "invitations/commune.html",
        form=form,
        row=row,
        place=place,
        look=LOOKS[row.organisation.state],
        function_words=function_words,
        mayors=row.mayors,
    )
    return page, 400 if form.errors else 200


AUTHORITY_FIELDS = (
    *("head_civility", "head_first_name", "head_last_name", "head_since", "street"),
    *("postal_code", "city", "phone", "email"),
)


@blueprint.post("/organisation/communes/<place>/effacer")
@only(Domain.REGISTRATIONS)
@stays_open
def erase_commune_head(place: str) -> ResponseReturnValue:
    row, erases_email = _get_row(place), request.form.get("email") == "yes"
    authority = row.authority
    if authority is None:
        abort(404)
    gone = [authority.head, authority.email if erases_email else ""]
    question = Confirmation(
        title="Effacer du carnet",
        button="Effacer",
        back=url_for("invitations.commune", place=place),
        facts=("Aucune liste ne les ramènera. La commune ou l’EPCI reste dans le carnet.",),
        names=list(filter(None, gone)),
        is_final=True,
        section="invitations.communes",
    )
    if page := confirm_first(question, lambda: erase_head(request_act(), authority, erases_email)):
        return page
    flash("La personne est effacée du carnet.", "success")
    return redirect(url_for("invitations.commune", place=place))
