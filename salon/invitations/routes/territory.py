"""« Communes et EPCI »: the book, whom to invite or to call, the page of one place."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.badges.queries import all_epcis
from salon.fair.access import get_request_edition
from salon.invitations.actions import InvitationAction
from salon.invitations.documents import book_table
from salon.invitations.engine import InvitationState
from salon.invitations.forms import (
    AuthorityForm,
    BookFilterForm,
    BookSendForm,
    FollowUpForm,
    SaveFilterForm,
)
from salon.invitations.models import InvitedKind
from salon.invitations.presenters import LOOKS, NO_ANSWER, function_words, outcome_words
from salon.invitations.queries import book_filters, territory
from salon.invitations.queries.book_filters import DUE, MINE, NOBODYS, BookFilter, followers_of
from salon.invitations.queries.candidates import find_past_edition
from salon.invitations.queries.invitations import kinds_that_can_answer
from salon.invitations.queries.territory import BookRow
from salon.invitations.routes import blueprint
from salon.invitations.routes.organiser import confirm_sending
from salon.invitations.rules import check_invites, may_be_invited
from salon.invitations.services.authorities import change_authority, erase_head
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only, stays_open
from salon.platform.web.long_answers import long_answer
from salon.platform.words.errors import RuleBroken

PLACES = (InvitedKind.PLACE,)
ANSWERS = (
    InvitationState.ANSWERED,
    InvitationState.CAME,
    InvitationState.DECLINED,
    InvitationState.OPPOSED,
)


def read_filters() -> tuple[BookFilterForm, BookFilter]:
    form = BookFilterForm(request.args)
    form.epci.choices = {"": "Tous", **{epci.siren: epci.name for epci in all_epcis()}}
    form.canton.choices = {"": "Tous", **{canton: canton for canton in book_filters.cantons()}}
    form.follower.choices = {
        "": "Tous",
        MINE: "Moi",
        NOBODYS: "Personne",
        **followers_of(get_request_edition()),
    }
    return form, requested_filters(form, BookFilter)


def filtered_rows(rows: Sequence[BookRow], filters: BookFilter) -> list[BookRow]:
    """Return the rows that pass the filters for the organiser who asks, today."""
    return book_filters.filtered(rows, filters, actor().id, today())


def today() -> date:
    return local(now()).date()


def refusal_of(kind: InvitedKind) -> str:
    """Return why nobody of a kind is invited now, "" when they may be."""
    edition = get_request_edition()
    try:
        check_invites(edition, now())
    except RuleBroken as error:
        return error.message
    return "" if kinds_that_can_answer(edition, [kind], now()) else NO_ANSWER[kind]


def _may_be_invited(row: BookRow) -> bool:
    organisation = row.organisation
    return bool(row.email) and may_be_invited(organisation.state, organisation.sent_at, now())


@blueprint.get("/organisation/communes")
@only(Domain.REGISTRATIONS)
def communes() -> ResponseReturnValue:
    form, filters = read_filters()
    edition = get_request_edition()
    every_row = territory.book_rows(edition)
    rows = filtered_rows(every_row, filters)
    send_form = BookSendForm()
    send_form.assigned_to.choices = {"": "Personne", **followers_of(edition)}
    counts = {
        state: sum(row.organisation.state == state for row in every_row)
        for state in InvitationState
    }
    return render_template(
        "invitations/communes.html",
        form=form,
        send_form=send_form,
        save_form=SaveFilterForm(),
        saved_filters=book_filters.filter_sets_of(edition),
        mine=len(filtered_rows(every_row, BookFilter(follower=MINE))),
        due=len(filtered_rows(every_row, BookFilter(call=DUE))),
        today=today(),
        outcome_words=outcome_words,
        is_over=edition.is_over(now()),
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
        past=find_past_edition(edition),
        refusal=refusal_of(InvitedKind.PLACE),
    )


@blueprint.get("/organisation/communes.<any(csv,xlsx):kind>")
@only(Domain.REGISTRATIONS)
@long_answer
def communes_file(kind: str) -> ResponseReturnValue:
    _, filters = read_filters()
    note(actor(), InvitationAction.AUTHORITIES_EXPORTED, filters=filters.as_dict())
    rows = filtered_rows(territory.book_rows(get_request_edition()), filters)
    table = book_table(territory.sorted_rows(rows, requested_page()))
    return table.download("communes-et-epci", kind)


@blueprint.get("/organisation/communes/appels")
@only(Domain.REGISTRATIONS)
def communes_calls() -> ResponseReturnValue:
    """Show a sheet to print, of those of the filters who have not answered."""
    form, filters = read_filters()
    note(actor(), InvitationAction.AUTHORITIES_EXPORTED, filters=filters.as_dict())
    rows = filtered_rows(territory.book_rows(get_request_edition()), filters)
    if not (filters.state or filters.call):
        rows = [row for row in rows if row.organisation.state not in ANSWERS]
    return render_template(
        "invitations/communes_calls.html",
        rows=territory.sorted_rows(rows, requested_page()),
        active=filters_in_force(form),
        moment=now(),
        today=today(),
    )


@blueprint.post("/organisation/communes/inviter")
@only(Domain.REGISTRATIONS)
def invite_communes() -> ResponseReturnValue:
    form, back = BookSendForm(), list_address()
    del form.assigned_to
    chosen = [row.organisation.candidate for row in ticked_rows() if _may_be_invited(row)]
    if not form.validate() or not chosen or refusal_of(InvitedKind.PLACE):
        flash("Cochez au moins une commune ou un EPCI à inviter.", "warning")
        return redirect(back)
    return confirm_sending(form.submission_key.data, PLACES, chosen, back)


def list_address() -> str:
    """Return the address of the list, with the filters and the order of this request."""
    query = urlencode(request.args.to_dict())
    return f"{url_for('invitations.communes')}{'?' if query else ''}{query}"


def ticked_rows() -> list[BookRow]:
    """Return the places ticked, or all those of the filters."""
    rows = territory.book_rows(get_request_edition())
    if "everybody" in request.form:
        return filtered_rows(rows, read_filters()[1])
    keys = set(request.form.getlist("row"))
    return [row for row in rows if row.key in keys]


def get_row(place: str) -> BookRow:
    row = territory.find_book_row(get_request_edition(), place)
    if row is None:
        abort(404)
    return row


@blueprint.route("/organisation/communes/<place>", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
def commune(place: str) -> ResponseReturnValue:
    row = get_row(place)
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
    return commune_page(row, form, follow_up_form(row)), 400 if form.errors else 200


def commune_page(row: BookRow, form: AuthorityForm, follow_form: FollowUpForm) -> str:
    return render_template(
        "invitations/commune.html",
        form=form,
        follow_form=follow_form,
        row=row,
        place=row.key,
        look=LOOKS[row.organisation.state],
        function_words=function_words,
        outcome_words=outcome_words,
        past=find_past_edition(get_request_edition()),
        today=today(),
    )


def follow_up_form(row: BookRow) -> FollowUpForm:
    """Return the form of what the team notes of a place."""
    invitation = row.invitation
    follower = str(invitation.follower_id or "") if invitation else ""
    form = FollowUpForm(
        follower=follower,
        next_call_on=row.next_call_on,
        note=row.note,
        is_declined=invitation is not None and invitation.declined_at is not None,
        decline_reason=invitation.decline_reason if invitation else "",
    )
    former = {follower: row.follower} if follower else {}
    followers = followers_of(get_request_edition())
    form.follower.choices = {"": "Personne", **former, **followers}
    return form


AUTHORITY_FIELDS = (
    *("head_civility", "head_first_name", "head_last_name", "head_since", "street"),
    *("postal_code", "city", "canton", "phone", "email"),
)


@blueprint.post("/organisation/communes/<place>/effacer")
@only(Domain.REGISTRATIONS)
@stays_open
def erase_commune_head(place: str) -> ResponseReturnValue:
    row, erases_email = get_row(place), request.form.get("email") == "yes"
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
