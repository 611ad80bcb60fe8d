"""An organiser's own password, recovery codes and digest; what helps when the password is lost."""

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from salon.accounts import forms, queries, rules
from salon.accounts.access.requests import count_request, known_browser
from salon.accounts.models import Digest
from salon.accounts.routes import blueprint
from salon.accounts.services import accounts, organisers
from salon.accounts.services import recovery as services
from salon.platform.database.identity import Role
from salon.platform.pages.acts import request_act
from salon.platform.settings.clock import real_now
from salon.platform.web.access import actor, network, only, public, settings
from salon.platform.web.limits import count_guess, count_try, forget_guesses


@blueprint.route("/organisation/mot-de-passe", methods=["GET", "POST"])
@only(Role.ORGANISER, any_organiser=True)
def change_password() -> ResponseReturnValue:
    form = forms.ChangePasswordForm()
    if request.method == "GET":
        return render_template("accounts/change_password.html", form=form)
    if form.validate():
        identity = actor()
        assert identity.id is not None
        count_try(f"password:{identity.id}", settings().sign_in_tries_per_minute, 60)
        with form.refusals(on="password"), form.refusals(rules.SignInRefused, on="current"):
            organisers.change_password(
                request_act(), identity.id, form.current.data, form.password.data
            )
            session.clear()
            flash("Mot de passe changé. Connectez-vous de nouveau.", "success")
            return redirect(url_for("accounts.organiser_sign_in"))
    return render_template("accounts/change_password.html", form=form), 400


@blueprint.route("/organisation/codes-de-secours", methods=["GET", "POST"])
@only(Role.ORGANISER, any_organiser=True)
def recovery_codes() -> ResponseReturnValue:
    """Show how many codes are left; a POST shows new ones, to print, this once."""
    identity, form = actor(), forms.OwnPasswordForm()
    assert identity.id is not None
    if request.method == "POST" and form.validate():
        count_try(f"password:{identity.id}", settings().sign_in_tries_per_minute, 60)
        with form.refusals(rules.SignInRefused, on="password"):
            codes = services.issue_recovery_codes(request_act(), identity.id, form.password.data)
            return render_template(
                "accounts/recovery_sheet.html",
                codes=codes,
                account=queries.get_account(identity.id),
                made_at=real_now(),
                years=services.RECOVERY_LIFETIME.days // 365,
            )
    left = queries.count_live_codes(services.RECOVERY, identity.id)
    page = render_template("accounts/recovery_codes.html", form=form, left=left)
    return page, form.status_code


@blueprint.route("/organisation/recapitulatif", methods=["GET", "POST"])
@only(Role.ORGANISER, any_organiser=True)
def choose_digest() -> ResponseReturnValue:
    identity = actor()
    assert identity.id is not None
    account = queries.get_account(identity.id)
    form = forms.DigestForm(obj=account)
    if request.method == "POST" and form.validate():
        accounts.choose_digest(request_act(), identity.id, Digest(form.digest.data))
        flash("Le prochain récapitulatif suit ce choix.", "success")
        return redirect(url_for("accounts.choose_digest"))
    page = render_template("accounts/choose_digest.html", form=form, account=account)
    return page, form.status_code


@blueprint.route("/connexion/mot-de-passe-perdu", methods=["GET", "POST"])
@public
def lost_password() -> ResponseReturnValue:
    form = forms.AddressForm()
    if request.method == "GET":
        return render_template("accounts/lost_password.html", form=form)
    if not form.validate():
        return render_template("accounts/lost_password.html", form=form), 400
    email = form.email.data
    services.offer_recovery(email, by_mail=count_request("lost", email))
    flash(
        "Si un compte d’organisation a cette adresse, un lien vient d’y partir. "
        "Il vaut une heure\u00a0: ouvrez-le sur cet appareil.",
        "success",
    )
    return redirect(url_for("accounts.organiser_sign_in"))


@blueprint.route("/connexion/mot-de-passe-perdu/<code>", methods=["GET", "POST"])
@public
def recover(code: str) -> ResponseReturnValue:
    account, form = services.find_recovery(code), forms.RecoveryForm()
    if request.method == "POST" and form.validate():
        guess = "recovery", str(account.id), network(), known_browser(account.email)
        count_guess(*guess)
        with form.refusals(rules.CodeRefused, on="code"):
            set_up_code = services.use_recovery_code(request_act(), code, form.code.data)
            forget_guesses(*guess)
            return redirect(url_for("accounts.set_up", code=set_up_code))
    page = render_template("accounts/recover.html", form=form, account=account, code=code)
    return page, form.status_code


@blueprint.post("/connexion/mot-de-passe-perdu/<code>/aide")
@public
def ask_colleagues(code: str) -> ResponseReturnValue:
    account = services.find_recovery(code)
    count_try(f"help:{account.id}", 3, 3600)
    names = services.ask_colleagues(request_act(), code)
    if names:
        flash(
            f"Un courriel part à {' et à '.join(names)}. Appelez l’une de ces personnes\u00a0: "
            "elle vous enverra un nouveau lien.",
            "success",
        )
    else:
        flash(
            "Aucun autre organisateur ne peut vous aider. La personne qui tient le serveur peut "
            "vous faire un lien (commande create-organiser).",
            "warning",
        )
    return redirect(url_for("accounts.recover", code=code))
