"""Documents of the themes and of the programme: given by organisers, downloaded by the public."""

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue

from salon.fair import queries
from salon.fair.access import fair_act, get_request_edition
from salon.fair.forms.village import FileForm
from salon.fair.models import ProgrammeItem, Theme
from salon.fair.routes import blueprint
from salon.fair.rules.files import FileTooHeavy
from salon.fair.services import files as services
from salon.platform.database.identity import Domain, Role
from salon.platform.database.versions import Values
from salon.platform.files.uploads import SentFile
from salon.platform.pages.acts import request_act
from salon.platform.pages.confirmation import Confirmation, confirmation_page, is_confirmed
from salon.platform.pages.setting_pages import SettingPage
from salon.platform.web.access import accepts_upload, actor, only, public, settings
from salon.platform.web.responses import document_response

PLACE = "/organisation/reglages"


@blueprint.get("/documents/<int:file_id>")
@public
def fair_file(file_id: int) -> ResponseReturnValue:
    is_organiser = actor().role == Role.ORGANISER
    get_file = queries.get_file if is_organiser else queries.get_public_file
    file = get_file(get_request_edition(), file_id)
    return document_response(file.stored_name, file.media_type, file.name)


@blueprint.route(f"{PLACE}/village/themes/<int:theme_id>/document", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
@accepts_upload("document_max_bytes")
def add_theme_file(theme_id: int) -> ResponseReturnValue:
    theme = queries.get_theme_by_id(get_request_edition(), theme_id)
    return _add_file(theme, theme.name, url_for("fair.change_theme", theme_id=theme.id))


@blueprint.route(f"{PLACE}/programme/<int:item_id>/document", methods=["GET", "POST"])
@only(Domain.FAIR, Domain.VILLAGE)
@accepts_upload("document_max_bytes")
def add_item_file(item_id: int) -> ResponseReturnValue:
    item = queries.get_item(get_request_edition(), item_id)
    return _add_file(item, item.title, url_for("fair.change_item", item_id=item.id))


def _add_file(owner: Theme | ProgrammeItem, name: str, back: str) -> ResponseReturnValue:
    form, limit, store = FileForm(), settings().document_max_bytes, settings().file_store

    def add(values: Values, key: str) -> None:
        content = bytes(values["file"].read())
        if len(content) > limit:
            raise FileTooHeavy
        file = SentFile(content, values["file"].filename or "")
        services.add_file(request_act(), owner, values["label"], file, store, key)

    saved = f"« {form.label.data} » peut être téléchargé."
    context = {"owner_name": name, "back": back, "limit": limit}
    return SettingPage("fair/add_file.html", form, back, saved, context).save(add)


@blueprint.post(f"{PLACE}/documents/<int:file_id>/retirer")
@only(Domain.FAIR, Domain.VILLAGE)
def remove_file(file_id: int) -> ResponseReturnValue:
    edition = get_request_edition()
    file = queries.get_file(edition, file_id)
    back = (
        url_for("fair.change_theme", theme_id=file.theme_id)
        if file.theme_id
        else url_for("fair.change_item", item_id=file.item_id)
    )
    question = Confirmation(
        title=f"Retirer « {file.label} »",
        button="Retirer ce document",
        back=back,
        facts=["Le public ne peut plus le télécharger ; le fichier est effacé."],
        is_final=True,
        section="dashboard.settings",
    )
    if not is_confirmed():
        return confirmation_page(question)
    services.remove_fair_file(fair_act(edition), file, settings().file_store)
    flash(f"« {file.label} » est retiré.", "success")
    return redirect(back)
