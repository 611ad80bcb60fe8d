"""Pages of the organiser's words in messages: sender and signature, texts of each kind."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import abort, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.messages import SenderForm, WordingForm
from salon.fair.models import Edition
from salon.fair.queries import find_mail_choices
from salon.fair.routes import blueprint
from salon.fair.services import messages as services
from salon.platform.database.identity import Domain
from salon.platform.mail.catalogue import EDITABLE, FIXED_PARTS, LABELS
from salon.platform.mail.delivery import original_wording, sample_words, varying_parts
from salon.platform.mail.wording import SIGNATURE, edition_fields, fields_of
from salon.platform.pages.setting_pages import SettingPage, is_preview, removal_stamp
from salon.platform.web.access import only
from salon.platform.words.errors import RuleBroken

PLACE = "/organisation/reglages/messages"


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Domain.MESSAGES)
def mail_settings() -> ResponseReturnValue:
    edition = get_request_edition()
    return SettingPage(
        "fair/mail_settings.html",
        SenderForm.about(services.sender_of, edition),
        url_for("fair.mail_settings"),
        "L’expéditeur et la signature sont enregistrés.",
        {
            "audiences": EDITABLE,
            "rewritten": find_mail_choices(edition.id).texts,
            "signature": SIGNATURE,
        },
    ).save(partial(services.change_sender, fair_act(edition)))


@blueprint.route(f"{PLACE}/<kind>", methods=["GET", "POST"])
@only(Domain.MESSAGES)
def change_message(kind: str) -> ResponseReturnValue:
    edition = get_request_edition()
    if kind not in LABELS:
        abort(404)
    form = WordingForm.about(partial(services.texts_of, kind=kind), edition)
    for name in FIXED_PARTS.get(kind, ()):
        del form[name]
    return SettingPage(
        "fair/change_message.html",
        form,
        url_for("fair.mail_settings"),
        f"« {LABELS[kind]} » : les prochains messages ont ces textes.",
        {
            "kind": kind,
            "label": LABELS[kind],
            "audience": next(name for name, kinds in EDITABLE.items() if kind in kinds),
            "fields": {**edition_fields(edition), **fields_of(kind)},
            "varying": varying_parts(kind, edition),
            "original": original_wording(kind, edition),
            "is_rewritten": kind in find_mail_choices(edition.id).texts,
            "sample": _sample(edition, kind, form),
        },
    ).save(partial(services.change_texts, fair_act(edition), kind))


def _sample(edition: Edition, kind: str, form: WordingForm) -> tuple[str, str]:
    """Return the sample message with the typed texts; with the saved ones when these are refused,
    which the form then says."""
    choices = find_mail_choices(edition.id)
    saved: Mapping[str, Any] = choices.texts
    if form.is_submitted():
        try:
            wording = services.rewritten(edition, kind, form.values)
        except RuleBroken as refusal:
            if is_preview():
                form.refuse(refusal)
        else:
            choices = replace(choices, texts={**saved, kind: vars(wording)})
    return sample_words(kind, edition, choices)


@blueprint.post(f"{PLACE}/<kind>/origine")
@only(Domain.MESSAGES)
def restore_message(kind: str) -> ResponseReturnValue:
    """Give a message its original texts again."""
    edition = get_request_edition()
    if kind not in LABELS:
        abort(404)
    try:
        empty = {"subject": "", "opening": "", "closing": ""}
        services.change_texts(fair_act(edition), kind, empty, removal_stamp())
    except RuleBroken as refusal:
        flash(refusal.message, "danger")
    else:
        flash(f"« {LABELS[kind]} » a de nouveau ses textes d’origine.", "success")
    return redirect(url_for("fair.change_message", kind=kind))
