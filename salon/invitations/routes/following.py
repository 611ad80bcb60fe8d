"""Who of the team follows a commune or an EPCI; the filters that the team saves."""

from urllib.parse import urlencode

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.invitations.forms import AuthorityForm, BookSendForm, SaveFilterForm
from salon.invitations.queries.book_filters import followers_of
from salon.invitations.routes import blueprint
from salon.invitations.routes.territory import (
    commune_page,
    follow_up_form,
    get_row,
    list_address,
    read_filters,
    ticked_rows,
)
from salon.invitations.services import following
from salon.invitations.services.following import FollowUp
from salon.platform.database.identity import Domain
from salon.platform.web.access import only
from salon.platform.words.formats import plural


@blueprint.post("/organisation/communes/<place>/suivi")
@only(Domain.REGISTRATIONS)
def follow_commune(place: str) -> ResponseReturnValue:
    row = get_row(place)
    form = follow_up_form(row)
    if not form.validate():
        return commune_page(row, AuthorityForm(formdata=None, obj=row.authority), form), 400
    follow_up = FollowUp(
        int(form.follower.data) if form.follower.data else None,
        form.next_call_on.data,
        form.note.data or "",
        form.is_declined.data,
        form.decline_reason.data or "",
    )
    following.save_follow_up(fair_act(), row.organisation.candidate, follow_up)
    flash(f"{row.name}\u00a0: le suivi est enregistré.", "success")
    return redirect(url_for("invitations.commune", place=place))


@blueprint.post("/organisation/communes/confier")
@only(Domain.REGISTRATIONS)
def assign_communes() -> ResponseReturnValue:
    form, followers = BookSendForm(), followers_of(get_request_edition())
    form.assigned_to.choices = {"": "Personne", **followers}
    rows = ticked_rows()
    if not form.validate() or not rows:
        flash("Cochez au moins une commune ou un EPCI, et choisissez à qui les confier.", "warning")
        return redirect(list_address())
    follower = form.assigned_to.data
    places = [row.organisation.candidate for row in rows]
    following.assign_places(fair_act(), places, int(follower) if follower else None)
    count = plural(len(rows), "commune ou EPCI", "communes et EPCI")
    words = f"suivis par {followers[follower]}" if follower else "que personne ne suit"
    flash(f"{count} {words}.", "success")
    return redirect(list_address())


@blueprint.post("/organisation/communes/filtres")
@only(Domain.REGISTRATIONS)
def save_filter() -> ResponseReturnValue:
    form, (filters, _) = SaveFilterForm(), read_filters()
    # What is searched may name a person, whom an erasure would not find in an address.
    names = [*(field.name for field in filters if field.name != "q"), "sort"]
    query = urlencode({name: request.args[name] for name in names if request.args.get(name)})
    if filters.errors or not query or not form.validate():
        flash("Choisissez d’abord un filtre, puis donnez-lui un nom (40 signes).", "warning")
        return redirect(list_address())
    following.save_filter(fair_act(), form.title.data, query)
    flash(f"Le filtre «\u00a0{form.title.data}\u00a0» est enregistré pour l’équipe.", "success")
    return redirect(list_address())


@blueprint.post("/organisation/communes/filtres/supprimer")
@only(Domain.REGISTRATIONS)
def delete_filter() -> ResponseReturnValue:
    name = request.form.get("name", "")
    following.delete_filter(fair_act(), name)
    flash(f"Le filtre «\u00a0{name}\u00a0» est supprimé.", "success")
    return redirect(url_for("invitations.communes"))
