"""Upload of a station's queue as a file."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.accounts.models import Station
from salon.accounts.queries import stations_of
from salon.entrance import forms
from salon.entrance.imports.exported_queue import Export, read_export
from salon.entrance.routes import blueprint
from salon.entrance.services.imports import Imported, import_scans
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.web.access import accepts_upload, only
from salon.platform.words.errors import RuleBroken

PLACE = "/organisation/stations/importer"


class StationNotNamed(RuleBroken):
    status = 400
    message = (
        "Ce fichier ne nomme aucune station de cette édition. Rien n’a été enregistré\u00a0: "
        "choisissez la station ci-dessous, puis envoyez-le de nouveau."
    )


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Domain.WELCOME)
@accepts_upload("scans_file_max_bytes")
def import_queue() -> ResponseReturnValue:
    edition, form = get_request_edition(), forms.ImportForm()
    stations = stations_of(edition.id)
    form.offer_stations([(str(station.id), station.name) for station in stations])
    if form.validate_on_submit():
        with form.refusals(on="file"):
            export = read_export(form.file.data.read())
            station = _station_of(
                export, form.station.data, {station.id: station for station in stations}
            )
            imported = import_scans(fair_act(edition), station, export.items, export.oddities)
            fresh = forms.ImportForm(formdata=None)
            fresh.offer_stations([(str(station.id), station.name) for station in stations])
            return _page(fresh, export, station, imported)
    return _page(form), form.status_code


def _station_of(export: Export, chosen_id: str, stations: dict[int, Station]) -> Station:
    """Return the station named by the file, else the chosen one. Raises StationNotNamed."""
    number = export.station_id or int(chosen_id or 0)
    if number not in stations:
        raise StationNotNamed
    return stations[number]


def _page(
    form: forms.ImportForm,
    export: Export | None = None,
    station: Station | None = None,
    imported: Imported | None = None,
) -> str:
    return render_template(
        "entrance/import_queue.html", form=form, export=export, station=station, done=imported
    )
