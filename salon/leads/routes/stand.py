"""The contacts of a stand for its people: shared data and their own notes."""

from flask import (
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.models import Exhibitor
from salon.leads.documents import table_of
from salon.leads.engine import stand_code
from salon.leads.forms import LeadFilterForm, LeadForm
from salon.leads.models import Interest
from salon.leads.models.labels import Purpose
from salon.leads.queries.leads import LeadFilter, counts_of, get_line, leads_page, lines_of
from salon.leads.queries.shared import LeadLine
from salon.leads.routes import blueprint
from salon.leads.services.following import FollowUp, change_lead, take_file
from salon.platform.database.identity import Role
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.acts import request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now
from salon.platform.web.access import only, settings
from salon.platform.web.long_answers import long_answer

PAPERS = ("a4", "a6")


@blueprint.get("/mon-stand/<int:exhibitor_id>/contacts")
@only(Role.EXHIBITOR)
def contacts(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor, today = own_exhibitor(exhibitor_id), local(now()).date()
    form = LeadFilterForm(request.args)
    filters = requested_filters(form, LeadFilter)
    lines = lines_of(exhibitor.id)
    return render_template(
        "leads/contacts.html",
        exhibitor=exhibitor,
        form=form,
        active=filters_in_force(form),
        page=leads_page(lines, filters, today, requested_page()),
        counts=counts_of(lines, today),
        purposes=Purpose,
        today=today,
    )


@blueprint.route("/mon-stand/<int:exhibitor_id>/contacts/<int:lead_id>", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
def contact(exhibitor_id: int, lead_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    line = get_line(exhibitor.id, lead_id)
    if request.method == "GET":
        return _contact_page(LeadForm(data=_saved(line)), exhibitor, line)
    form = LeadForm()
    if not form.validate():
        return _contact_page(form, exhibitor, line), 400
    try:
        change_lead(request_act(), line, int(form.version.data), _follow_up_of(form))
    except StaleVersion as error:
        form.refuse(error)
        saved_line = get_line(exhibitor.id, lead_id)
        form.version.data = str(saved_line.version)
        page = _contact_page(form, exhibitor, saved_line, differences(form, saved_line))
        return page, error.status
    flash("Ce contact est à jour pour tout le stand.", "success")
    return redirect(url_for("leads.contacts", exhibitor_id=exhibitor.id))


def _contact_page(
    form: LeadForm,
    exhibitor: Exhibitor,
    line: LeadLine,
    changes: list[tuple[str, str, str]] | None = None,
) -> str:
    return render_template(
        "leads/contact.html", form=form, exhibitor=exhibitor, line=line, differences=changes or []
    )


def _saved(line: LeadLine) -> dict[str, object]:
    """Return the saved values of the form."""
    return {
        "version": str(line.version),
        "interest": line.interest.value,
        "note": line.note,
        "follow_up": line.follow_up,
        "follow_up_on": line.follow_up_on,
        "is_done": line.follow_up_done_at is not None,
    }


def _follow_up_of(form: LeadForm) -> FollowUp:
    return FollowUp(
        interest=Interest(form.interest.data),
        note=form.note.data or "",
        follow_up=form.follow_up.data or "",
        follow_up_on=form.follow_up_on.data,
        is_done=form.is_done.data,
    )


def differences(form: LeadForm, saved_line: LeadLine) -> list[tuple[str, str, str]]:
    """Return (field, saved value, typed value) where they differ."""
    saved_follow_up, typed_follow_up = _saved(saved_line), _follow_up_of(form)
    days = [
        f"{day:%d/%m/%Y}" if day else ""
        for day in (saved_line.follow_up_on, typed_follow_up.follow_up_on)
    ]
    rows = [
        ("Intérêt", saved_line.interest.label, typed_follow_up.interest.label),
        ("Note", saved_line.note, typed_follow_up.note),
        ("Suite promise", saved_line.follow_up, typed_follow_up.follow_up),
        ("Pour le", *days),
        (
            "C’est fait",
            *(
                "oui" if is_done else "non"
                for is_done in (saved_follow_up["is_done"], typed_follow_up.is_done)
            ),
        ),
    ]
    return [(name, was, typed) for name, was, typed in rows if was != typed]


@blueprint.get("/mon-stand/<int:exhibitor_id>/contacts/<any(csv, xlsx):kind>/<purpose>")
@only(Role.EXHIBITOR)
@long_answer
def contacts_file(exhibitor_id: int, kind: str, purpose: str) -> ResponseReturnValue:
    """Download the contacts shared for one purpose."""
    if purpose not in set(Purpose):
        abort(404)
    exhibitor, chosen_purpose = own_exhibitor(exhibitor_id), Purpose(purpose)
    lines = take_file(request_act(), exhibitor, chosen_purpose, kind)
    name = f"contacts-{'recontacter' if chosen_purpose == Purpose.FOLLOW_UP else 'informations'}"
    return table_of(lines, chosen_purpose).download(name, kind)


@blueprint.get("/mon-stand/<int:exhibitor_id>/contacts/affiche")
@only(Role.EXHIBITOR)
def poster(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    paper = request.args.get("format", "a4")
    path = url_for("leads.leave", code=stand_code(exhibitor.private_token))
    return render_template(
        "leads/poster.html",
        exhibitor=exhibitor,
        paper=paper if paper in PAPERS else "a4",
        address=settings().public_url + path,
    )
