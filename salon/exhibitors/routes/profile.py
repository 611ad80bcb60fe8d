"""An exhibitor's entry in the catalogue, changed by the exhibitor."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.access import own_exhibitor
from salon.exhibitors.forms.catalogue import ProfileForm
from salon.exhibitors.models import Exhibitor
from salon.exhibitors.queries.catalogue import is_shown
from salon.exhibitors.routes import blueprint
from salon.exhibitors.services import profile as services
from salon.exhibitors.services.profile import Profile
from salon.platform.database.identity import Role
from salon.platform.database.versions import StaleVersion
from salon.platform.files.uploads import LogoRefused
from salon.platform.pages.acts import request_act
from salon.platform.web.access import accepts_upload, only, settings
from salon.platform.web.responses import logo_response
from salon.platform.words.errors import RuleBroken


@blueprint.get("/mon-stand/<int:exhibitor_id>/logo.webp")
@only(Role.EXHIBITOR)
def space_logo(exhibitor_id: int) -> ResponseReturnValue:
    return logo_response(own_exhibitor(exhibitor_id).logo_file)


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
            request_act(),
            exhibitor,
            int(form.version.data),
            profile_typed(form, logo),
            settings().file_store,
        )
    except RuleBroken as error:
        form.refuse(error, on="logo" if isinstance(error, LogoRefused) else "")
        current, changes = own_exhibitor(exhibitor_id), None
        if isinstance(error, StaleVersion):
            form.version.data, changes = str(current.version), differences(form, current)
        return _profile_page(form, current, changes), error.status
    flash("Votre page du catalogue est à jour.", "success")
    return redirect(url_for("exhibitor_space.space_of", exhibitor_id=exhibitor_id))


def logo_sent(form: ProfileForm) -> bytes | None:
    """Return the logo as `Profile` takes it. Raises LogoRefused when it is too large or empty."""
    logo_file = form.logo.data
    if logo_file and logo_file.filename:
        content = bytes(logo_file.read())
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
        "exhibitors/profile.html",
        form=form,
        exhibitor=exhibitor,
        is_published=is_shown(exhibitor),
        differences=changes or [],
    )
