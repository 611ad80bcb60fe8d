"""Paper packs, for organisers: ask for one, follow it, fetch its file."""

from flask import jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.paper import forms, queries
from salon.paper import jobs as services
from salon.paper.models import PaperPack
from salon.paper.routes import blueprint
from salon.platform.database.identity import Domain
from salon.platform.pages.acts import request_act
from salon.platform.web.access import only, settings, stays_open
from salon.platform.web.responses import printed_response

STATES = {
    "waiting": ("warning", "En attente"),
    "running": ("info", "En préparation"),
    "done": ("ok", "Prêt"),
    "failed": ("danger", "Interrompu"),
}


@blueprint.get("/organisation/dossier-papier")
@only(Domain.WELCOME)
@stays_open
def packs() -> ResponseReturnValue:
    return _packs_page(forms.PackForm(formdata=None))


@blueprint.post("/organisation/dossier-papier")
@only(Domain.WELCOME)
def ask_pack() -> ResponseReturnValue:
    form = forms.PackForm()
    if not form.validate():
        return _packs_page(form), 400
    services.ask_pack(fair_act(), form.submission_key.data or "")
    return redirect(url_for("paper.packs"))


@blueprint.get("/organisation/dossier-papier/<int:pack_id>.json")
@only(Domain.WELCOME)
def pack_state(pack_id: int) -> ResponseReturnValue:
    return jsonify(queries.get_pack(get_request_edition(), pack_id).state)


@blueprint.get("/organisation/dossier-papier/<int:pack_id>.pdf")
@only(Domain.WELCOME)
def pack_file(pack_id: int) -> ResponseReturnValue:
    """Return the file as an attachment and note it in the journal; 404 for a pack without file."""
    edition = get_request_edition()
    pack = queries.get_finished_pack(edition, pack_id)
    answer = printed_response(services.file_of(pack), f"dossier-papier-{pack.id}.pdf")
    services.note_download(request_act(), pack)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _packs_page(form: forms.PackForm) -> str:
    packs = queries.packs_of(get_request_edition())
    return render_template(
        "paper/packs.html",
        form=form,
        packs=packs,
        sizes={pack.id: _size_of(pack) for pack in packs},
        in_hand=next((pack for pack in packs if pack.is_in_hand), None),
        states=STATES,
    )


def _size_of(pack: PaperPack) -> int:
    """Return the bytes of a pack's file; 0 without file."""
    if pack.status != "done" or not pack.file_name:
        return 0
    facts = settings().file_store.find(services.file_of(pack))
    return facts.size if facts else 0
