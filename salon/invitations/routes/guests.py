"""« Autres invités »: State services, partners, press, guests of honour; invited as places are."""

from collections.abc import Sequence

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.invitations.forms import (
    AuthoritiesReviewForm,
    GuestFilterForm,
    GuestForm,
    SendForm,
)
from salon.invitations.imports.authorities import AuthorityList
from salon.invitations.imports.guests import read_guest, read_guests
from salon.invitations.models import Guest, InvitedKind
from salon.invitations.presenters import LOOKS
from salon.invitations.queries import guests as queries
from salon.invitations.queries.guests import GuestFilter, GuestRow
from salon.invitations.routes import blueprint
from salon.invitations.routes.authorities_file import SOURCE_MISSING, list_form, preview_page
from salon.invitations.routes.organiser import confirm_sending
from salon.invitations.routes.territory import refusal_of
from salon.invitations.rules import GuestIsKnown, may_be_invited
from salon.invitations.services import guests as services
from salon.invitations.services.authorities import Source
from salon.platform.database.identity import Domain
from salon.platform.documents.spreadsheets.preview import review
from salon.platform.documents.spreadsheets.reader import ReadList, text_of_file
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import accepts_upload, only, stays_open
from salon.platform.words.formats import plural

PLACE = "/organisation/invites"
OTHERS = (InvitedKind.OTHER,)


def _may_be_invited(row: GuestRow) -> bool:
    state, sent_at = row.organisation.state, row.organisation.sent_at
    return bool(row.guest.email) and may_be_invited(state, sent_at, now())


@blueprint.get(PLACE)
@only(Domain.REGISTRATIONS)
def guests() -> ResponseReturnValue:
    rows = queries.guest_rows(get_request_edition())
    kinds = sorted({row.guest.kind for row in rows if row.guest.kind})
    form = GuestFilterForm(request.args)
    form.kind.choices = {"": "Tous", **{kind: kind for kind in kinds}}
    chosen = queries.filtered_guests(rows, requested_filters(form, GuestFilter))
    return render_template(
        "invitations/guests.html",
        form=form,
        send_form=SendForm(),
        active=filters_in_force(form),
        page=queries.GUESTS.page_of_rows(chosen, requested_page()),
        total=len(rows),
        looks=LOOKS,
        may_be_invited=_may_be_invited,
        refusal=refusal_of(InvitedKind.OTHER),
    )


@blueprint.post(f"{PLACE}/inviter")
@only(Domain.REGISTRATIONS)
def invite_guests() -> ResponseReturnValue:
    form, keys = SendForm(), set(request.form.getlist("row"))
    chosen = [
        row.organisation.candidate
        for row in queries.guest_rows(get_request_edition())
        if row.guest.key in keys and _may_be_invited(row)
    ]
    if not form.validate() or not chosen or refusal_of(InvitedKind.OTHER):
        flash("Cochez au moins un organisme à inviter.", "warning")
        return redirect(url_for("invitations.guests"))
    return confirm_sending(form.submission_key.data, OTHERS, chosen, url_for("invitations.guests"))


@blueprint.route(f"{PLACE}/nouveau", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
def add_guest() -> ResponseReturnValue:
    return _guest_page(None)


@blueprint.route(f"{PLACE}/<int:guest_id>", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
def change_guest(guest_id: int) -> ResponseReturnValue:
    return _guest_page(_get_guest(guest_id))


def _get_guest(guest_id: int) -> Guest:
    guest = queries.find_guest(guest_id)
    if guest is None:
        abort(404)
    return guest


def _guest_page(guest: Guest | None) -> ResponseReturnValue:
    form = GuestForm(obj=guest)
    if form.validate_on_submit():
        with form.refusals(GuestIsKnown, on="name"):
            services.save_guest(request_act(), guest, form.values)
            flash(f"{form.name.data}\u00a0: c’est enregistré.", "success")
            return redirect(url_for("invitations.guests"))
    kinds = sorted({row.kind for row in queries.guests() if row.kind})
    page = render_template("invitations/guest.html", form=form, guest=guest, kinds=kinds)
    return page, form.status_code


@blueprint.post(f"{PLACE}/<int:guest_id>/effacer")
@only(Domain.REGISTRATIONS)
@stays_open
def erase_guest(guest_id: int) -> ResponseReturnValue:
    guest = _get_guest(guest_id)
    question = Confirmation(
        title=f"Effacer «\u00a0{guest.name}\u00a0»",
        button="Effacer",
        back=url_for("invitations.change_guest", guest_id=guest_id),
        facts=("Un refus d’être encore invité reste connu par une empreinte de l’adresse.",),
        names=list(filter(None, (guest.name, guest.contact, guest.email))),
        is_final=True,
        section="invitations.guests",
    )
    if page := confirm_first(question, lambda: services.erase_guest(request_act(), guest)):
        return page
    flash("L’organisme est effacé.", "success")
    return redirect(url_for("invitations.guests"))


@blueprint.route(f"{PLACE}/importer", methods=["GET", "POST"])
@only(Domain.REGISTRATIONS)
@stays_open
@accepts_upload("document_max_bytes")
def import_guests() -> ResponseReturnValue:
    form = list_form()
    if form.validate_on_submit():
        if not form.source.data:
            form.source.errors = [SOURCE_MISSING]
        else:
            with form.refusals(on="file"):
                file = read_guests(text_of_file(form.file.data.read()))
                return _preview(file, Source(form.source.data, form.dated_on.data))
    page = render_template("invitations/guests_import.html", form=form)
    return page, 400 if form.errors else 200


@blueprint.post(f"{PLACE}/importer/confirmer")
@only(Domain.REGISTRATIONS)
@stays_open
@accepts_upload("max_content_length", carries_text=True)
def confirm_guests() -> ResponseReturnValue:
    form = AuthoritiesReviewForm()
    if not form.validate():
        flash("Cette page est trop ancienne\u00a0: recommencez avec le fichier.", "warning")
        return redirect(url_for("invitations.import_guests"))
    source = Source(form.source.data[:100], form.dated_on.data)
    file, is_corrected = review(form.rows.data or "", read_guests, request.form)
    if is_corrected:
        return _preview(file, source)
    chosen: Sequence[int] = request.form.getlist("row", type=int)
    lines = [read_guest(line) for line in file.lines if line.number in chosen]
    count = services.import_guests(request_act(), lines, source)
    flash(f"{plural(count, 'organisme enregistré', 'organismes enregistrés')}.", "success")
    return redirect(url_for("invitations.guests"))


def _preview(file: ReadList, source: Source) -> str:
    planned = services.plan_guests([read_guest(line) for line in file.lines])
    return preview_page("guests", AuthorityList(file), source, planned)
