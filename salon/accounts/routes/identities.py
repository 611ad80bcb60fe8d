"""Sign-in and sign-out by the identity provider (OpenID Connect), where one is set."""

from dataclasses import asdict

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.access.requests import count_provider_request
from salon.accounts.access.sign_ins import enter
from salon.accounts.imports import provider_answers
from salon.accounts.imports.provider_answers import PendingSignIn
from salon.accounts.routes import PENDING_LIFETIME, blueprint
from salon.accounts.rules import identities as rules
from salon.accounts.services import proved_identities
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import real_now
from salon.platform.settings.identity_provider import IdentityProvider
from salon.platform.settings.prefixes import plain_url_for
from salon.platform.web.access import find_identity, only, public, safe_path, settings
from salon.platform.words.typography import of

PENDING = "provider"


@blueprint.get("/connexion/fournisseur")
@public
def ask_provider() -> ResponseReturnValue:
    provider = _provider()
    is_organiser = "organisation" in request.args
    following = safe_path(request.args.get("next")) or ""
    count_provider_request("ask")
    try:
        address, pending = provider_answers.start_sign_in(
            provider,
            _address_of("accounts.enter_by_provider"),
            levels=provider.organiser_levels if is_organiser else (),
            asks_again="autre" in request.args,
        )
    except rules.IdentityRefused as refusal:
        return _refused_page(refusal, following, is_organiser)
    session[PENDING] = {
        "secrets": asdict(pending),
        "next": following,
        "is_organiser": is_organiser,
        "at": real_now().timestamp(),
    }
    return redirect(address)


@blueprint.get("/connexion/fournisseur/retour")
@public
def enter_by_provider() -> ResponseReturnValue:
    provider = _provider()
    pending = session.pop(PENDING, {"next": "", "is_organiser": False, "at": 0})
    count_provider_request("return")
    now = real_now()
    try:
        is_recent = now.timestamp() - pending["at"] < PENDING_LIFETIME.total_seconds()
        rules.check_answer_is_ours(is_recent)
        identity = provider_answers.read_identity(
            provider,
            _address_of("accounts.enter_by_provider"),
            request.args,
            PendingSignIn(**pending["secrets"]),
            now,
        )
    except rules.IdentityRefused as refusal:
        proved_identities.note_refusal(request_act(), refusal)
        return _refused_page(refusal, pending["next"], pending["is_organiser"])
    try:
        account = proved_identities.account_of_identity(
            request_act(), identity, provider.organiser_levels
        )
    except rules.IdentityRefused as refusal:
        return _refused_page(refusal, pending["next"], pending["is_organiser"])
    enter(account_id=account.id, id_token=identity.id_token)
    return redirect(pending["next"] or url_for("accounts.start"))


@blueprint.get("/deconnexion")
@public
def signed_out() -> ResponseReturnValue:
    """Welcome back a browser whose session the provider ended too."""
    provider = _provider()
    if find_identity() is None:
        flash(f"Vous êtes déconnecté, {of(provider.label)} aussi.", "success")
    return redirect(url_for("fair.home"))


@blueprint.post("/organisation/comptes/<int:account_id>/identite/oublier")
@only(Role.ORGANISER)
def forget_identity(account_id: int) -> ResponseReturnValue:
    proved_identities.forget_identity(request_act(), account_id)
    flash("L’identité est oubliée, et les connexions de ce compte sont terminées.", "success")
    return redirect(url_for("accounts.account", account_id=account_id))


def sign_out_page(id_token: str) -> str | None:
    """Return the page that ends the provider's session too; None where there is none to end.

    A page, not a redirect: Chromium applies `form-action` to every address that a form leads to.
    """
    provider = settings().identity_provider
    if provider is None or not id_token:
        return None
    address = provider_answers.end_session_address(
        provider, id_token, _address_of("accounts.signed_out")
    )
    if not address:
        return None
    return render_template("accounts/signing_out.html", address=address, provider=provider)


def _provider() -> IdentityProvider:
    return settings().identity_provider or abort(404)


def _address_of(endpoint: str) -> str:
    """Return the address that the administrator declared to the provider."""
    return settings().public_url + plain_url_for(endpoint)


def _refused_page(
    refusal: rules.IdentityRefused, following: str, is_organiser: bool
) -> ResponseReturnValue:
    page = render_template(
        "accounts/identity_refused.html",
        refusal=refusal,
        following=following,
        is_organiser=is_organiser or refusal.is_of_organisers,
        provider=_provider(),
    )
    return page, refusal.status
