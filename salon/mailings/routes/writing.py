"""A message is written, changed, copied, deleted; whom its filters choose is counted meanwhile."""

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.mailings import presenters
from salon.mailings.access import WRITERS, may_write_to
from salon.mailings.forms import PREFIX, CopyForm, MailingForm
from salon.mailings.models import Mailing
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.audiences.audience import Audience
from salon.mailings.queries.mailings import gone_filters, select_recipients
from salon.mailings.routes import blueprint, mailing_to_write
from salon.mailings.services import drafts
from salon.mailings.services.drafts import Draft
from salon.platform.database.versions import StaleVersion
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.pages.setting_pages import is_preview
from salon.platform.settings.clock import now
from salon.platform.web.access import only


def _get_audience(key: str) -> Audience:
    if key not in AUDIENCES or not may_write_to(key):
        abort(404)
    return AUDIENCES[key]


def _draft(form: MailingForm, audience: str) -> Draft:
    return Draft(
        form.subject.data or "",
        form.text.data or "",
        audience,
        form.filters,
        form.reply_to.data or "",
        form.days_before.data,
    )


@blueprint.route("/organisation/ecrire/nouveau/<audience>", methods=["GET", "POST"])
@only(*WRITERS)
def write_mailing(audience: str) -> ResponseReturnValue:
    chosen, edition = _get_audience(audience), get_request_edition()
    filters = chosen.filters_among(edition, request.args)
    shown = {f"{PREFIX}{name}": value for name, value in filters.items()}
    days_before = request.args.get("days_before", type=int)
    form = MailingForm.for_audience(chosen, edition)(data={"days_before": days_before, **shown})
    if form.validate_on_submit() and not is_preview():
        with form.refusals():
            mailing = drafts.write_draft(fair_act(), _draft(form, audience), form.token)
            return redirect(url_for("mailings.mailing", mailing_id=mailing.id))
    return _page(form, chosen, None, left_out=presenters.left_out_filters(request.args, filters))


@blueprint.route("/organisation/ecrire/<int:mailing_id>/modifier", methods=["GET", "POST"])
@only(*WRITERS)
def change_mailing(mailing_id: int) -> ResponseReturnValue:
    mailing = mailing_to_write(mailing_id)
    chosen, edition = AUDIENCES[mailing.audience], get_request_edition()
    shown = {f"{PREFIX}{name}": value for name, value in mailing.filters.items()}
    form = MailingForm.for_audience(chosen, edition)(
        data={
            "subject": mailing.subject,
            "text": mailing.text,
            "reply_to": mailing.reply_to,
            "days_before": mailing.days_before,
            "version": str(mailing.version),
            **shown,
        }
    )
    theirs: tuple[tuple[str, str], ...] = ()
    if form.validate_on_submit() and not is_preview():
        draft = _draft(form, mailing.audience)
        with form.refusals():
            drafts.change_draft(fair_act(), mailing, draft, int(form.version.data))
            flash("Le message est enregistré.", "success")
            return redirect(url_for("mailings.mailing", mailing_id=mailing.id))
        if isinstance(form.refusal, StaleVersion):
            theirs = (("Objet", mailing.subject), ("Message", mailing.text))
            form.version.data = str(mailing.version)
    return _page(form, chosen, mailing, theirs)


def _page(
    form: MailingForm,
    audience: Audience,
    mailing: Mailing | None,
    theirs: tuple[tuple[str, str], ...] = (),
    left_out: str = "",
) -> ResponseReturnValue:
    edition = get_request_edition()
    selection = select_recipients(edition, audience.key, form.filters, now())
    page = render_template(
        "mailings/write_mailing.html",
        form=form,
        audience=audience,
        mailing=mailing,
        theirs=theirs,
        left_out=left_out,
        gone=gone_filters(edition, audience.key, mailing.filters) if mailing else (),
        count=presenters.selection_words(selection),
        fields=presenters.fields_offered(edition),
    )
    return page, form.status_code


@blueprint.get("/organisation/ecrire/nouveau/<audience>/compte")
@only(*WRITERS)
def count_recipients(audience: str) -> ResponseReturnValue:
    """Return whom the filters of the address choose, in words."""
    chosen, edition = _get_audience(audience), get_request_edition()
    form = MailingForm.for_audience(chosen, edition)(request.args, meta={"csrf": False})
    if not all(field.validate(form) for field in form.filter_fields):
        abort(400)
    selection = select_recipients(edition, audience, form.filters, now())
    return jsonify(words=presenters.selection_words(selection))


@blueprint.post("/organisation/ecrire/<int:mailing_id>/copier")
@only(*WRITERS)
def copy_mailing(mailing_id: int) -> ResponseReturnValue:
    mailing, form = mailing_to_write(mailing_id), CopyForm()
    if not form.validate():
        abort(400)
    copy = drafts.copy_mailing(fair_act(), mailing, form.token)
    flash("Voici la copie, à relire avant de l’envoyer.", "success")
    return redirect(url_for("mailings.change_mailing", mailing_id=copy.id))


@blueprint.post("/organisation/ecrire/<int:mailing_id>/supprimer")
@only(*WRITERS)
def delete_mailing(mailing_id: int) -> ResponseReturnValue:
    mailing = mailing_to_write(mailing_id)
    is_step = mailing.days_before is not None
    question = Confirmation(
        title="Effacer ce brouillon",
        button="Effacer",
        back=url_for("mailings.mailing", mailing_id=mailing.id),
        names=[mailing.subject],
        is_final=True,
        section="mailings.mailings",
    )
    if page := confirm_first(question, lambda: drafts.delete_draft(fair_act(), mailing)):
        return page
    flash("Le brouillon est effacé.", "success")
    return redirect(url_for("mailings.campaign" if is_step else "mailings.mailings"))
