"""Exhibitors billed together, for organisers: who pays for one, the members of a pavilion."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.billing.forms.pavilion import MembersForm, PayerForm
from salon.billing.queries.pavilion import members_to_gather, payer_of, possible_payers
from salon.billing.routes import blueprint
from salon.billing.routes.exhibitor import PLACE, page
from salon.billing.services import pavilion as services
from salon.exhibitors.queries.exhibitors import get_exhibitor
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken
from salon.platform.words.formats import plural

LIST_CHANGED = "La liste vient de changer\u00a0: rien n’a été fait. La voici à jour."


@blueprint.route(f"{PLACE}/payeur", methods=["GET", "POST"])
@only(Domain.MONEY)
def choose_payer(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = get_exhibitor(exhibitor_id)
    former = payer_of(exhibitor)
    payers = {str(payer.id): payer.name for payer in (*possible_payers(exhibitor), former) if payer}
    former_id = str(former.id) if former else ""
    pavilion_id = str(exhibitor.parent_id)
    suggested_id = former_id or (pavilion_id if pavilion_id in payers else "")
    form = PayerForm(payer=suggested_id, former=former_id)
    form.payer.choices = {"": "Personne d’autre\u00a0: il paie lui-même", **payers}
    if form.validate_on_submit():
        chosen_id, read_id = form.payer.data, form.former.data
        with form.refusals():
            services.change_payer(
                request_act(), exhibitor_id, int(chosen_id or 0) or None, int(read_id or 0) or None
            )
            words = f"Facturé avec {payers[chosen_id]}." if chosen_id else "Facturé à part."
            flash(words, "success")
            offer_undo(
                url_for("billing.choose_payer", exhibitor_id=exhibitor_id),
                payer=read_id,
                former=chosen_id,
            )
            return redirect(url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id))
        form.former.data = former_id
    body = render_template("billing/choose_payer.html", exhibitor=exhibitor, form=form)
    return body, form.status_code


@blueprint.post(f"{PLACE}/pavillon")
@only(Domain.MONEY)
def gather_members(exhibitor_id: int) -> ResponseReturnValue:
    pavilion, form = get_exhibitor(exhibitor_id), MembersForm()
    members = {str(member.id): member for member in members_to_gather(pavilion)}
    if not form.validate() or not set(form.listed.data.split()) <= set(members):
        return page(exhibitor_id, wrong=LIST_CHANGED), 409
    listed = [members[member_id] for member_id in dict.fromkeys(form.listed.data.split())]
    question = Confirmation(
        title="Facturer le pavillon ensemble",
        kicker=pavilion.name,
        button=f"Facturer ces {len(listed)} avec {pavilion.name}",
        back=url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id),
        facts=[
            f"{plural(len(listed), 'exposant')} du pavillon\u00a0: leurs lignes vont au prochain "
            f"devis de {pavilion.name}, qui demande son accord. Rien ne s’établit plus à leur nom.",
        ],
        names=[member.name for member in listed],
        is_destructive=False,
        section="billing.money",
    )
    ids = [member.id for member in listed]
    try:
        asked = confirm_first(
            question, lambda: services.gather_members(request_act(), exhibitor_id, ids)
        )
    except RuleBroken as refusal:
        return page(exhibitor_id, wrong=refusal.message), refusal.status
    if asked:
        return asked
    flash("Les exposants du pavillon sont facturés ensemble.", "success")
    return redirect(url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id))
