"""A message is tried, given its hour, taken back, stopped, resumed."""

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.mailings import presenters
from salon.mailings.access import WRITERS
from salon.mailings.forms import SendForm
from salon.mailings.models import Mailing
from salon.mailings.queries.mailings import Selection, select_recipients
from salon.mailings.routes import blueprint, mailing_to_write
from salon.mailings.services import drafts, letters, sending
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.formats import moment, plural

SHOWN = 20
"""Most names of those left out; the count says the others."""


def _back(mailing: Mailing) -> str:
    return url_for("mailings.mailing", mailing_id=mailing.id)


@blueprint.post("/organisation/ecrire/<int:mailing_id>/essai")
@only(*WRITERS)
def send_trial(mailing_id: int) -> ResponseReturnValue:
    mailing = mailing_to_write(mailing_id)
    selection = select_recipients(get_request_edition(), mailing.audience, mailing.filters, now())
    reader = next(iter(selection.recipients), letters.SAMPLE)
    address = letters.send_trial(fair_act(), mailing, reader)
    flash(f"L’essai part à {address}.", "success")
    return redirect(_back(mailing))


@blueprint.post("/organisation/ecrire/<int:mailing_id>/envoyer")
@only(*WRITERS)
def send_mailing(mailing_id: int) -> ResponseReturnValue:
    mailing, form = mailing_to_write(mailing_id), SendForm()
    is_later = request.form.get("when") == "later"
    if not form.validate() or (is_later and form.planned_at.data is None):
        flash("Indiquez un jour et une heure.", "warning")
        return redirect(_back(mailing))
    planned_at = form.planned_at.data if is_later else None
    selection = select_recipients(get_request_edition(), mailing.audience, mailing.filters, now())
    question = _question(mailing, selection, moment(planned_at) if planned_at else "")
    act = fair_act()
    if page := confirm_first(question, lambda: drafts.plan(act, mailing, planned_at, form.token)):
        return page
    assert mailing.planned_at is not None
    flash(f"Le message part le {moment(mailing.planned_at)}.", "success")
    offer_undo(
        url_for("mailings.steer", mailing_id=mailing.id, decision="annuler"), "Annuler l’envoi"
    )
    return redirect(_back(mailing))


def _question(mailing: Mailing, selection: Selection, hour: str) -> Confirmation:
    count = plural(len(selection.recipients), "adresse")
    facts = [
        f"{presenters.selection_words(selection)}.",
        f"Le message part le {hour}, à ceux qui répondront alors aux filtres."
        if hour
        else "Vous pourrez annuler l’envoi pendant dix minutes, puis l’arrêter en route.",
    ]
    for reason, people in presenters.left_out(selection):
        names = ", ".join(presenters.who(recipient) for recipient in people[:SHOWN])
        more = ", …" if len(people) > SHOWN else ""
        facts.append(f"{reason}\u00a0: {len(people)} ({names}{more}).")
    return Confirmation(
        title=f"Écrire à {count}",
        button=f"Prévoir l’envoi à {count}" if hour else f"Envoyer à {count}",
        kicker=mailing.subject,
        back=_back(mailing),
        facts=facts,
        names=[presenters.who(recipient) for recipient in selection.recipients],
        is_destructive=False,
        section="mailings.mailings",
    )


@blueprint.post("/organisation/ecrire/<int:mailing_id>/<any(annuler,arreter,reprendre):decision>")
@only(*WRITERS)
def steer(mailing_id: int, decision: str) -> ResponseReturnValue:
    mailing, act = mailing_to_write(mailing_id), fair_act()
    match decision:
        case "annuler":
            drafts.take_back(act, mailing)
            flash("Rien ne part : le message est de nouveau un brouillon.", "success")
        case "arreter":
            count = plural(sending.stop(act, mailing), "message")
            flash(f"L’envoi est arrêté. Remis en attente\u00a0: {count}.", "success")
        case "reprendre":
            sending.resume(act, mailing)
            flash("L’envoi reprend où il s’était arrêté.", "success")
        case _:
            abort(404)
    return redirect(_back(mailing))
