"""Pages of the reads: the organisers' tokens, and the public description of the API."""

from datetime import date, time, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.queries import get_read_token, read_tokens_of
from salon.accounts.services import read_tokens as services
from salon.exhibitors.queries.open_data import LICENCE, LICENCE_URL
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirm_first
from salon.platform.settings.clock import local, paris, real_now
from salon.platform.settings.prefixes import plain_url_for
from salon.platform.web.access import only, public, settings, stays_open
from salon.reads import presenters, rules
from salon.reads.forms import ReadTokenForm

blueprint = Blueprint("reads", __name__)
PLACE = "/organisation/reglages/lectures"
USUAL_DAYS = 365


@blueprint.get(PLACE)
@only(Domain.FAIR)
@stays_open
def read_tokens() -> ResponseReturnValue:
    form = ReadTokenForm(formdata=None, ends_on=_today() + timedelta(days=USUAL_DAYS))
    return _tokens_page(form)


@blueprint.post(PLACE)
@only(Domain.FAIR)
def make_token() -> ResponseReturnValue:
    form, edition = ReadTokenForm(), get_request_edition()
    if form.validate():
        with form.refusals(rules.EndOutOfRange, on="ends_on"):
            last_day = form.ends_on.data or _today()
            rules.check_end(last_day, _today())
            expires_at = paris(last_day + timedelta(days=1), time(0), edition.time_zone)
            token, secret = services.make_read_token(
                request_act(),
                edition.id,
                form.name.data or "",
                expires_at,
                form.submission_key.data or "",
            )
            if secret is None:
                flash(
                    f"Le jeton «\u00a0{token.name}\u00a0» existe déjà\u00a0: il a été montré une "
                    "fois. S’il n’a pas été gardé, révoquez-le et faites-en un autre.",
                    "info",
                )
                return redirect(url_for("reads.read_tokens"))
            return render_template(
                "reads/new_token.html",
                token=token,
                secret=secret,
                last_day=last_day,
                address=_address(edition.slug),
            )
    return _tokens_page(form), form.status_code


@blueprint.post(f"{PLACE}/<int:read_token_id>/revoquer")
@only(Domain.FAIR)
def revoke_token(read_token_id: int) -> ResponseReturnValue:
    edition_id = get_request_edition().id
    token = get_read_token(edition_id, read_token_id)
    question = Confirmation(
        title=f"Révoquer le jeton «\u00a0{token.name}\u00a0»",
        kicker="Lectures par d’autres services",
        button="Révoquer ce jeton",
        back=url_for("reads.read_tokens"),
        facts=["Le service qui s’en sert ne lit plus rien, aussitôt."],
        is_final=True,
        section="dashboard.settings",
    )
    page = confirm_first(
        question, lambda: services.revoke_read_token(request_act(), edition_id, read_token_id)
    )
    if page is not None:
        return page
    flash(f"Le jeton «\u00a0{token.name}\u00a0» est révoqué.", "success")
    return redirect(url_for("reads.read_tokens"))


@blueprint.get("/lire-les-donnees")
@public
def description() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "reads/description.html",
        address=_address(edition.slug),
        openapi=plain_url_for("api.describe"),
        reads=presenters.described_reads(current_app),
        per_minute=rules.READS_PER_MINUTE,
        licence=LICENCE,
        licence_url=LICENCE_URL,
    )


def _tokens_page(form: ReadTokenForm) -> str:
    edition, moment = get_request_edition(), real_now()
    tokens = [presenters.token_line(token, moment) for token in read_tokens_of(edition.id)]
    return render_template("reads/read_tokens.html", form=form, tokens=tokens)


def _address(slug: str) -> str:
    return f"{settings().public_url}{presenters.PREFIX}/{slug}"


def _today() -> date:
    return local(real_now()).date()
