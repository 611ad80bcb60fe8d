"""The API that other services read, version 1: public facts of an edition, with a token."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from flask.typing import ResponseReturnValue

from salon.accounts.queries import get_reader
from salon.accounts.services.read_tokens import note_use
from salon.exhibitors.queries.open_data import LICENCE_URL, public_exhibitors_after
from salon.fair import queries as fair
from salon.fair.models import Edition, EditionState
from salon.open_data.queries.releases import find_published_attendance
from salon.platform.database.identity import Role
from salon.platform.settings.clock import in_zone, local, now, real_now
from salon.platform.web.access import actor, only, settings
from salon.platform.web.devices.description import Operation
from salon.platform.web.devices.reading import Unreadable, check
from salon.platform.web.json_answers import read_json_answer
from salon.platform.web.limits import count_try
from salon.platform.words.small_counts import SMALLEST
from salon.reads import documents, queries, rules
from salon.reads.documents import answers

PAST = (EditionState.HELD, EditionState.CLOSED)
PAGED = "Suivez « next » (ou l’en-tête Link) jusqu’à ce qu’il soit vide."
blueprint = Blueprint("reads_api", __name__, url_prefix="/api/v1/editions")


class WrongQuery(Unreadable):
    message = (
        "« cursor » est celui de l’adresse suivante, sans changement ; "
        f"« limit » va de 1 à {answers.MOST}."
    )


@blueprint.before_request
def bound_reads() -> None:
    """Refuse what is not JSON, count the read of this token, and save its day."""
    accepts = request.accept_mimetypes
    if accepts and accepts.best_match(["application/json"]) is None:
        abort(406)
    token_id = actor().id
    assert token_id is not None
    count_try(f"read-token:{token_id}", rules.READS_PER_MINUTE, 60)
    reader, today = get_reader(token_id), local(real_now()).date()
    if reader.last_used_on != today:
        note_use(token_id, today)


@blueprint.get("/<edition>")
@only(Role.READER)
@Operation(
    "L’édition\u00a0: noms, lieu, jours",
    gives=answers.EditionFacts,
    answers="L’édition.",
    refuses=(404, 406, 429),
    is_revalidated=True,
)
def describe_edition(edition: str) -> ResponseReturnValue:
    shown = _edition(edition)
    with in_zone(shown.time_zone):
        return _answer(documents.edition_facts(shown))


@blueprint.get("/<edition>/exhibitors")
@only(Role.READER)
@Operation(
    "Les exposants du catalogue",
    query=answers.PageQuery,
    gives=answers.Exhibitors,
    answers="Une page d’exposants.",
    details=f"Les exposants acceptés, tels que le catalogue les montre. {PAGED}",
    refuses=(400, 404, 406, 429),
    is_revalidated=True,
)
def list_exhibitors(edition: str) -> ResponseReturnValue:
    shown, query = _edition(edition), _page_query()
    address = settings().public_url + url_for("exhibitors.catalogue")
    rows = public_exhibitors_after(shown, address, query.cursor, query.limit + 1)
    return _page(
        "exhibitors", shown, query, rows, lambda row: documents.exhibitor_facts(shown, row)
    )


@blueprint.get("/<edition>/programme")
@only(Role.READER)
@Operation(
    "Le programme",
    query=answers.PageQuery,
    gives=answers.Programme,
    answers="Une page de moments.",
    details=f"Dans l’ordre où ils ont été ajoutés\u00a0; les intervenants ne sont pas nommés. "
    f"{PAGED}",
    refuses=(400, 404, 406, 429),
    is_revalidated=True,
)
def list_programme(edition: str) -> ResponseReturnValue:
    shown, query = _edition(edition), _page_query()
    rows = queries.programme_after(shown, query.cursor, query.limit + 1)
    with in_zone(shown.time_zone):
        return _page("items", shown, query, rows, lambda row: documents.item_facts(shown, row))


@blueprint.get("/<edition>/themes")
@only(Role.READER)
@Operation(
    "Les thèmes du village",
    query=answers.PageQuery,
    gives=answers.Themes,
    answers="Une page de thèmes.",
    details=f"Avec leurs chiffres et l’organisme qui y répond. {PAGED}",
    refuses=(400, 404, 406, 429),
    is_revalidated=True,
)
def list_themes(edition: str) -> ResponseReturnValue:
    shown, query = _edition(edition), _page_query()
    rules.check_is_not_archive(is_current=bool(shown.is_current))
    rows = queries.themes_after(shown, query.cursor, query.limit + 1)
    return _page(
        "themes",
        shown,
        query,
        rows,
        lambda theme: documents.theme_facts(
            theme,
            settings().public_url + url_for("fair.theme", slug=theme.slug),
            _address("reads_api.list_slots", edition=shown.slug, theme=theme.slug),
        ),
    )


@blueprint.get("/<edition>/themes/<theme>/slots")
@only(Role.READER)
@Operation(
    "Les créneaux d’un thème, libres et pris",
    gives=answers.Slots,
    answers="Les créneaux, par heure.",
    details="Ceux que la page de réservation offre à cet instant, et ceux qui sont pris. Ni "
    "l’agent ni le visiteur ne sont nommés. Un salon reporté ou annulé n’en a pas.",
    refuses=(404, 406, 429),
    is_revalidated=True,
)
def list_slots(edition: str, theme: str) -> ResponseReturnValue:
    shown = _edition(edition)
    rules.check_is_not_archive(is_current=bool(shown.is_current))
    row = fair.get_theme(shown, theme)
    with in_zone(shown.time_zone):
        slots = documents.slot_facts(queries.slots_of(shown, row, now()))
    return _answer({"edition": shown.slug, "theme": row.slug, "slots": slots})


@blueprint.get("/<edition>/attendance")
@only(Role.READER)
@Operation(
    "La fréquentation",
    gives=answers.AttendanceFigures,
    answers="Les personnes entrées, par quart d’heure, par catégorie, par EPCI.",
    details="Celle de la dernière version des données ouvertes, après le salon ; une liste que "
    "cette version n’a pas est vide. Aucun nombre de personnes n’est compris entre 1 et "
    f"{SMALLEST - 1}, ni ne se déduit des autres : les petits groupes et les quarts d’heure "
    "calmes sont réunis.",
    refuses=(404, 406, 429),
    is_revalidated=True,
)
def show_attendance(edition: str) -> ResponseReturnValue:
    shown = _edition(edition)
    attendance = find_published_attendance(shown)
    if attendance is None:
        raise rules.NoFiguresYet
    return _answer(documents.attendance_figures(shown, attendance))


def _edition(slug: str) -> Edition:
    """Return the edition of the address. Raises NoResultFound, EditionNotShown, OtherEdition."""
    edition, token_id = fair.get_edition(slug), actor().id
    assert token_id is not None
    rules.check_is_shown(is_current=bool(edition.is_current), is_past=edition.state in PAST)
    rules.check_token_reads(get_reader(token_id).edition_id, edition.id)
    return edition


def _page_query() -> answers.PageQuery:
    return check(answers.PageQuery, request.args.to_dict(), WrongQuery)


def _page(
    name: str,
    edition: Edition,
    query: answers.PageQuery,
    rows: Sequence[Any],
    facts: Callable[[Any], Mapping[str, object]],
) -> Response:
    """Return a page of at most `query.limit` rows; `rows` has one more when another page follows.

    The cursor is the last row shown: no row is skipped or repeated when others are added.
    """
    page_rows = rows[: query.limit]
    following = None
    if len(rows) > len(page_rows):
        values = {"cursor": page_rows[-1].id, "limit": query.limit, **(request.view_args or {})}
        following = _address(request.endpoint or "", **values)
    return _answer(
        {"edition": edition.slug, "next": following, name: [facts(row) for row in page_rows]},
        {"next": following} if following else {},
    )


def _address(endpoint: str, **values: Any) -> str:
    return settings().public_url + url_for(endpoint, **values)


def _answer(content: Mapping[str, object], links: Mapping[str, str] | None = None) -> Response:
    return read_json_answer(content, {**(links or {}), "license": LICENCE_URL})
