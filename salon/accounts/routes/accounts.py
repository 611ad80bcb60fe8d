"""Accounts: list, invitation of colleagues, rights, closing."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts import forms, queries, rules
from salon.accounts.models import Account
from salon.accounts.queries import AccountFilter
from salon.accounts.routes import blueprint
from salon.accounts.services import accounts as services
from salon.accounts.services import organisers
from salon.accounts.services.rights import change_rights
from salon.platform.database.identity import Domain, Role
from salon.platform.pages.acts import offer_undo, request_act
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.web.access import actor, edition_id, only
from salon.platform.words.typography import of


@blueprint.get("/organisation/comptes")
@only(Role.ORGANISER)
def accounts() -> ResponseReturnValue:
    form = forms.AccountFilterForm(request.args)
    place = edition_id()
    page = queries.accounts_page(requested_filters(form, AccountFilter), place, requested_page())
    return render_template(
        "accounts/accounts.html",
        form=form,
        active=filters_in_force(form),
        page=page,
        edition_id=place,
        full_organisers=queries.full_organisers(),
        lost_ids=queries.accounts_with_lost_password(),
    )


@blueprint.route("/organisation/comptes/nouveau", methods=["GET", "POST"])
@only(Role.ORGANISER)
def open_account() -> ResponseReturnValue:
    form = forms.AccountForm()
    if request.method == "POST" and form.validate():
        with form.refusals(rules.AccountExists, on="email"):
            return _open(form)
    page = render_template("accounts/open_account.html", form=form)
    return page, form.status_code


def _open(form: forms.AccountForm) -> ResponseReturnValue:
    role, email, name = Role(form.role.data), form.email.data, form.display_name.data
    if role == Role.ORGANISER:
        domains = [Domain(value) for value in form.domains.data]
        organisers.invite_colleague(request_act(), email, name, domains, edition_id())
        flash(f"Une invitation part à {email}. Son lien vaut 48 heures.", "success")
    else:
        services.create_account(request_act(), email, role, name)
        flash(
            "Compte ouvert. La personne se connecte avec son adresse, sans mot de passe.", "success"
        )
    return redirect(url_for("accounts.accounts"))


@blueprint.get("/organisation/comptes/<int:account_id>")
@only(Role.ORGANISER)
def account(account_id: int) -> ResponseReturnValue:
    shown_account = queries.get_account(account_id)
    return _account_page(
        shown_account, forms.RightsForm(data={"domains": shown_account.domains(edition_id())})
    )


def _account_page(shown_account: Account, form: forms.RightsForm) -> str:
    return render_template(
        "accounts/account.html",
        account=shown_account,
        form=form,
        has_lost_password=shown_account.id in queries.accounts_with_lost_password(),
    )


@blueprint.post("/organisation/comptes/<int:account_id>/droits")
@only(Role.ORGANISER)
def give_rights(account_id: int) -> ResponseReturnValue:
    form = forms.RightsForm()
    shown_account = queries.get_account(account_id)
    if form.validate():
        with form.refusals(rules.LastOrganiser, on="domains"):
            domains = {Domain(value) for value in form.domains.data}
            change = change_rights(request_act(), account_id, edition_id(), domains)
            flash(
                _rights_sentence(shown_account.display_name, change.granted, change.withdrawn),
                "success",
            )
            if shown_account.domains(edition_id()) and actor().id == account_id:
                return redirect(url_for("accounts.start"))
            return redirect(url_for("accounts.account", account_id=account_id))
    return _account_page(shown_account, form), form.status_code


def _rights_sentence(name: str, granted: list[Domain], withdrawn: list[Domain]) -> str:
    """Return « Droits d’Anne Ribes, donnés : salon ; retirés : accueil. »."""
    parts = [
        f"{word}\u00a0: {', '.join(domain.label for domain in domains)}"
        for word, domains in (("donnés", granted), ("retirés", withdrawn))
        if domains
    ]
    return f"Droits {of(name)}, {' ; '.join(parts) or 'inchangés'}."


@blueprint.post("/organisation/comptes/<int:account_id>/lien")
@only(Role.ORGANISER)
def send_set_up_link(account_id: int) -> ResponseReturnValue:
    invited_account = organisers.send_set_up_link(request_act(), account_id)
    flash(f"Un lien part à {invited_account.email}. Il vaut 48 heures, une seule fois.", "success")
    return redirect(url_for("accounts.account", account_id=account_id))


@blueprint.post("/organisation/comptes/<int:account_id>/fermer")
@only(Role.ORGANISER)
def disable_account(account_id: int) -> ResponseReturnValue:
    services.disable_account(request_act(), account_id)
    name = queries.get_account(account_id).display_name
    flash(f"Le compte {of(name)} est fermé : ses connexions sont terminées.", "success")
    offer_undo(url_for("accounts.reopen_account", account_id=account_id), "Rouvrir le compte")
    return redirect(url_for("accounts.accounts"))


@blueprint.post("/organisation/comptes/<int:account_id>/rouvrir")
@only(Role.ORGANISER)
def reopen_account(account_id: int) -> ResponseReturnValue:
    services.reopen_account(request_act(), account_id)
    name = queries.get_account(account_id).display_name
    flash(f"Le compte {of(name)} est rouvert : la personne se connecte de nouveau.", "success")
    return redirect(url_for("accounts.accounts"))
