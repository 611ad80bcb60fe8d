"""Sign-in and sign-out."""

import secrets
from datetime import timedelta

import pyotp
from flask import Blueprint, flash, jsonify, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.accounts import forms, queries, rules
from salon.accounts.access import saved_forms
from salon.accounts.access.known_browsers import browser_of
from salon.accounts.access.requests import count_request, known_browser
from salon.accounts.access.sign_ins import START_PAGES, TOKEN, enter
from salon.accounts.models import Account, StationKind
from salon.accounts.services import accounts as account_services
from salon.accounts.services import organisers, passwords, sign_in_codes, sign_ins
from salon.platform.database.identity import Role
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.settings.clock import real_now
from salon.platform.web.access import (
    actor,
    find_identity,
    network,
    only,
    public,
    safe_path,
    settings,
)
from salon.platform.web.limits import count_guess, count_try, forget_guesses, slow_down
from salon.platform.words.errors import LinkExpired, TooManyTries
from salon.platform.words.typography import of

blueprint = Blueprint("accounts", __name__)

PENDING_LIFETIME = timedelta(minutes=10)

from salon.accounts.routes import accounts, identities, recovery


@blueprint.get("/connexion")
@public
def sign_in() -> ResponseReturnValue:
    following = safe_path(request.args.get("next"))
    return render_template(
        "accounts/sign_in.html", form=forms.AddressForm(), following=following or ""
    )


@blueprint.post("/connexion")
@public
def send_code() -> ResponseReturnValue:
    form = forms.AddressForm()
    following = safe_path(request.form.get("next")) or ""
    if not form.validate():
        page = render_template("accounts/sign_in.html", form=form, following=following)
        return page, 400
    email = form.email.data
    pending = session.get("pending") or {}
    # Asked again from the same browser, the code that is on its way stays good.
    browser = pending["browser"] if pending.get("email") == email else secrets.token_urlsafe(16)
    by_mail = count_request("code", email)
    sign_in_codes.offer_sign_in_code(email, browser, settings().code_lifetime, by_mail=by_mail)
    session["pending"] = {"email": email, "browser": browser, "next": following}
    return redirect(url_for("accounts.enter_code"))


@blueprint.get("/connexion/code")
@public
def enter_code() -> ResponseReturnValue:
    pending = session.get("pending")
    if pending is None:
        return redirect(url_for("accounts.sign_in"))
    form = forms.CodeForm()
    return render_template("accounts/enter_code.html", form=form, email=pending["email"])


@blueprint.post("/connexion/code")
@public
def use_code() -> ResponseReturnValue:
    pending = session.get("pending")
    if pending is None:
        raise LinkExpired
    form = forms.CodeForm()
    email = pending["email"]
    if form.validate():
        guess = "code-try", queries.email_key_of(email), network(), known_browser(email)
        count_guess(*guess)
        with form.refusals(rules.CodeRefused, on="code"):
            account = sign_in_codes.use_sign_in_code(
                request_act(), form.code.data, pending["browser"]
            )
            forget_guesses(*guess)
            enter(account_id=account.id)
            return redirect(pending["next"] or url_for("accounts.start"))
    return render_template("accounts/enter_code.html", form=form, email=email), form.status_code


@blueprint.get("/connexion/organisation")
@public
def organiser_sign_in() -> ResponseReturnValue:
    following = safe_path(request.args.get("next")) or ""
    form = forms.PasswordForm()
    return render_template("accounts/organiser_sign_in.html", form=form, following=following)


@blueprint.post("/connexion/organisation")
@public
def check_password() -> ResponseReturnValue:
    form = forms.PasswordForm()
    following = safe_path(request.form.get("next")) or ""
    if form.validate():
        email = form.email.data
        guess = "password", queries.email_key_of(email), network(), known_browser(email)
        count_guess(*guess)
        with form.refusals(rules.SignInRefused, on="password"):
            account = passwords.check_password(request_act(), form.email.data, form.password.data)
            forget_guesses(*guess)
            session["totp"] = {
                "account": account.id,
                "password": passwords.password_step_of(account),
                "next": following,
                "at": real_now().timestamp(),
            }
            return redirect(url_for("accounts.enter_totp"))
    page = render_template("accounts/organiser_sign_in.html", form=form, following=following)
    return page, 400


@blueprint.route("/connexion/organisation/code", methods=["GET", "POST"])
@public
def enter_totp() -> ResponseReturnValue:
    pending = session.get("totp")
    if pending is None or real_now().timestamp() - pending["at"] > PENDING_LIFETIME.total_seconds():
        session.pop("totp", None)
        return redirect(url_for("accounts.organiser_sign_in"))
    form = forms.CodeForm()
    if request.method == "GET":
        return render_template("accounts/enter_totp.html", form=form)
    if form.validate():
        account_id = pending["account"]
        guess = "totp", str(account_id), network(), browser_of(account_id)
        count_guess(*guess)
        try:
            with form.refusals(rules.CodeRefused, on="code"):
                account = passwords.check_totp(
                    request_act(), account_id, pending.get("password", ""), form.code.data
                )
                forget_guesses(*guess)
                enter(account_id=account.id)
                return redirect(pending["next"] or url_for("dashboard.overview"))
        except rules.PasswordStepEnded as refusal:
            session.pop("totp")
            flash(refusal.message, "warning")
            return redirect(url_for("accounts.organiser_sign_in"))
    return render_template("accounts/enter_totp.html", form=form), 400


@blueprint.route("/connexion/premiere/<code>", methods=["GET", "POST"])
@public
def set_up(code: str) -> ResponseReturnValue:
    account = organisers.find_set_up(code)
    form = forms.SetUpForm()
    if request.method == "GET":
        session["totp_secret"] = pyotp.random_base32()
        return _set_up_page(form, account)
    secret = session.get("totp_secret")
    if secret is None:
        return redirect(url_for("accounts.set_up", code=code))
    if form.validate():
        weak = rules.PasswordTooShort, rules.PasswordTooLong, rules.PasswordEasyToGuess
        refused_code = form.refusals(rules.CodeRefused, on="code")
        with refused_code, form.refusals(*weak, on="password"):
            organisers.set_up_organiser(code, form.password.data, secret, form.code.data)
            enter(account_id=account.id)
            flash("Votre compte est prêt. Préparez maintenant vos codes de secours.", "success")
            return redirect(url_for("accounts.recovery_codes"))
    return _set_up_page(form, account), 400


def _set_up_page(form: forms.SetUpForm, account: Account) -> str:
    secret = session["totp_secret"]
    address = pyotp.TOTP(secret).provisioning_uri(
        name=account.email, issuer_name="Salon des maires"
    )
    return render_template(
        "accounts/set_up.html", form=form, account=account, secret=secret, address=address
    )


@blueprint.post("/deconnexion")
@public
def sign_out() -> ResponseReturnValue:
    id_token = ""
    if find_identity() is not None:
        id_token = sign_ins.close_sign_in(request_act(), session[TOKEN])
    session.clear()
    page = identities.sign_out_page(id_token)
    if page is not None:
        return page
    flash("Vous êtes déconnecté.", "success")
    return redirect(url_for("fair.home"))


@blueprint.get("/mon-espace")
@only(
    Role.ORGANISER,
    Role.AGENT,
    Role.EXHIBITOR,
    Role.STATION,
    kinds=(StationKind.DESK,),
    any_organiser=True,
)
def start() -> ResponseReturnValue:
    identity = find_identity()
    assert identity is not None
    assert identity.role is not None
    return redirect(url_for(START_PAGES[identity.role]))


@blueprint.get("/session.json")
@public
def session_left() -> ResponseReturnValue:
    """Return the seconds until the session of this browser ends if no page is opened."""
    limits = settings()
    seconds = sign_ins.seconds_left_of(
        session.get(TOKEN, ""),
        limits.organiser_idle,
        limits.other_idle,
        limits.session_absolute,
    )
    return jsonify({"seconds": seconds})


@blueprint.post("/session.json")
@only(Role.ORGANISER, Role.AGENT, Role.EXHIBITOR, any_organiser=True)
def stay_signed_in() -> ResponseReturnValue:
    """Extend the session of a person at work on a page, as opening a page does."""
    return session_left()


@blueprint.get("/reprendre")
@only(Role.ORGANISER, Role.AGENT, Role.EXHIBITOR, any_organiser=True)
def resume_form() -> ResponseReturnValue:
    return saved_forms.resume()
