"""An exhibitor's own space: tasks, stand, profile, guide."""

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.engine.tasks import TaskStatus, days_to_fair, next_task, tasks_of
from salon.exhibitors.forms.documents import ProfileForm
from salon.exhibitors.models import Exhibitor, Task
from salon.exhibitors.presenters.floor import FloorView, view_around
from salon.exhibitors.queries import space as queries
from salon.exhibitors.queries.catalogue import stands_around
from salon.exhibitors.queries.exhibitors import (
    exhibitors_of_account,
    terms_of,
)
from salon.exhibitors.queries.invitations import invitations_of
from salon.exhibitors.queries.money import stand_of
from salon.exhibitors.queries.staff import staff_quota_of
from salon.exhibitors.routes import blueprint
from salon.exhibitors.rules.versions import ChangedMeanwhile
from salon.exhibitors.services import space as services
from salon.exhibitors.services.space import Profile
from salon.fair.queries import get_current_edition
from salon.platform.access import accepts_upload, actor, find_identity, only, settings
from salon.platform.clock import local, now
from salon.platform.errors import RuleBroken
from salon.platform.files import LogoRefused, file_path
from salon.platform.identity import Role

TASK_PAGES = {
    Task.PROFILE: ("exhibitors.profile", "Écrire la présentation"),
    Task.LOGO: ("exhibitors.profile", "Donner votre logo"),
    Task.CONTRACT: ("exhibitors.documents_of", "Envoyer le contrat signé"),
    Task.INSURANCE: ("exhibitors.documents_of", "Envoyer l’attestation d’assurance"),
    Task.SAFETY: ("exhibitors.safety_of", "Remplir la fiche de sécurité"),
    Task.STAFF: ("badges.staff", "Nommer votre équipe"),
    Task.INVOICE: ("exhibitors.billing", "Voir ce qui est à régler"),
}


@blueprint.get("/mon-stand")
@only(Role.EXHIBITOR)
def space() -> ResponseReturnValue:
    identity = find_identity()
    assert identity is not None
    assert identity.id is not None
    exhibitors = exhibitors_of_account(identity.id)
    if len(exhibitors) == 1:
        return redirect(url_for("exhibitors.space_of", exhibitor_id=exhibitors[0].id))
    applications = queries.applications_of_account(identity.id, get_current_edition())
    return render_template("exhibitors/space.html", found=exhibitors, applications=applications)


@blueprint.get("/mon-stand/<int:exhibitor_id>")
@only(Role.EXHIBITOR)
def space_of(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor, edition = own_exhibitor(exhibitor_id), get_current_edition()
    terms, today = terms_of(edition), local(now()).date()
    left = days_to_fair(edition.days[0].day_on, edition.days[-1].day_on, today)
    states = tasks_of(exhibitor, terms, today)
    if left < 0:  # nothing else can be done of a fair that is over
        states = [state for state in states if state.task == Task.INVOICE]
    states.sort(key=lambda state: (not state.is_open, state.status == TaskStatus.DONE))
    return render_template(
        "exhibitors/space_of.html",
        exhibitor=exhibitor,
        terms=terms,
        left=left,
        states=states,
        done=sum(state.status == TaskStatus.DONE for state in states),
        next_task=next_task(states),
        pages=TASK_PAGES,
        quota=staff_quota_of(exhibitor, terms),
        floor=_floor(exhibitor),
        is_corner=stand_of(exhibitor)[1],
        codes=invitations_of(exhibitor),
    )


def _floor(exhibitor: Exhibitor) -> FloorView | None:
    stand = exhibitor.stand
    return view_around(stand, stands_around(stand)) if stand is not None else None


@blueprint.get("/mon-stand/<int:exhibitor_id>/guide")
@only(Role.EXHIBITOR)
def guide(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    terms = terms_of(get_current_edition())
    return render_template("exhibitors/guide.html", exhibitor=exhibitor, terms=terms)


@blueprint.get("/mon-stand/<int:exhibitor_id>/logo.webp")
@only(Role.EXHIBITOR)
def space_logo(exhibitor_id: int) -> ResponseReturnValue:
    stored = own_exhibitor(exhibitor_id).logo_file
    path = file_path(settings().data, stored) if stored else None
    if path is None or not path.is_file():
        abort(404)
    response = make_response(path.read_bytes())
    response.mimetype = "image/webp"
    return response


@blueprint.route("/mon-stand/<int:exhibitor_id>/presentation", methods=["GET", "POST"])
@only(Role.EXHIBITOR)
@accepts_upload("logo_max_bytes")
def profile(exhibitor_id: int) -> ResponseReturnValue:
    exhibitor = own_exhibitor(exhibitor_id)
    if request.method == "GET":
        return _profile_page(ProfileForm(data=_saved(exhibitor)), exhibitor)
    form = ProfileForm()
    if not form.validate():
        return _profile_page(form, exhibitor), 400
    try:
        logo = logo_sent(form)
        services.change_profile(
            exhibitor,
            int(form.version.data),
            profile_typed(form, logo),
            settings().data,
            actor(),
            now(),
        )
    except LogoRefused as error:
        form.logo.errors = [error.message]
        return _profile_page(form, exhibitor), error.status
    except ChangedMeanwhile as error:
        form.form_errors.append(error.message)
        current = own_exhibitor(exhibitor_id)
        form.version.data = str(current.version)
        return _profile_page(form, current, differences(form, current)), error.status
    except RuleBroken as error:
        form.form_errors.append(error.message)
        return _profile_page(form, own_exhibitor(exhibitor_id)), error.status
    flash("Votre page du catalogue est à jour.", "success")
    return redirect(url_for("exhibitors.space_of", exhibitor_id=exhibitor_id))


def logo_sent(form: ProfileForm) -> bytes | None:
    """Return the logo as `Profile` takes it. Raises LogoRefused when it is too large or empty."""
    sent = form.logo.data
    if sent and sent.filename:
        content = bytes(sent.read())
        if len(content) > settings().logo_max_bytes:
            heavy = LogoRefused("Ce fichier dépasse 2 Mo. Envoyez une image plus légère.")
            heavy.status = 413
            raise heavy
        if not content:
            raise LogoRefused("Ce fichier est vide. Choisissez votre logo, en PNG, JPEG ou WebP.")
        return content
    return b"" if form.remove_logo.data else None


def profile_typed(form: ProfileForm, logo: bytes | None) -> Profile:
    lines = [(line["name"] or "", line["website"] or "") for line in form.co_exhibitors.data]
    return Profile(
        presentation=form.presentation.data or "",
        website=form.website.data or "",
        co_exhibitors=[line for line in lines if line[0]],
        logo=logo,
    )


def _saved(exhibitor: Exhibitor) -> dict[str, object]:
    """Return the saved values as the form would send them."""
    return {
        "version": str(exhibitor.version),
        "presentation": exhibitor.presentation,
        "website": exhibitor.website,
        "co_exhibitors": [
            {"name": co_exhibitor.name, "website": co_exhibitor.website}
            for co_exhibitor in exhibitor.co_exhibitors
        ],
    }


def differences(form: ProfileForm, exhibitor: Exhibitor) -> list[tuple[str, str, str]]:
    """Return (label, saved value, typed value) where the two differ."""
    typed = profile_typed(form, None)
    rows = [
        ("Présentation", exhibitor.presentation, typed.presentation),
        ("Site internet", exhibitor.website, typed.website),
        (
            "Co-exposants",
            ", ".join(co_exhibitor.name for co_exhibitor in exhibitor.co_exhibitors),
            ", ".join(name for name, _ in typed.co_exhibitors),
        ),
    ]
    return [row for row in rows if row[1] != row[2]]


def _profile_page(
    form: ProfileForm, exhibitor: Exhibitor, changes: list[tuple[str, str, str]] | None = None
) -> str:
    return render_template(
        "exhibitors/profile.html", form=form, exhibitor=exhibitor, differences=changes or []
    )
