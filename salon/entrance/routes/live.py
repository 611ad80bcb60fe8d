"""The day of the fair, live."""

from typing import Any

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from salon import formats
from salon.access import only
from salon.entrance.queries import live as queries
from salon.entrance.routes import blueprint
from salon.fair.queries import get_current_edition
from salon.identity import Role
from salon.times import now


@blueprint.get("/organisation/entrees")
@only(Role.ORGANISER)
def live() -> ResponseReturnValue:
    moment = now()
    figures = queries.live_figures(get_current_edition().id, moment)
    tables = _tables(figures)
    return render_template("entrance/live.html", figures=figures, tables=tables, moment=moment)


@blueprint.get("/organisation/entrees.json")
@only(Role.ORGANISER)
def live_figures() -> ResponseReturnValue:
    moment = now()
    figures = queries.live_figures(get_current_edition().id, moment)
    return jsonify(
        {
            "at": formats.hour(moment),
            "figures": {
                "entered": formats.number(figures.entered),
                "inside": formats.number(figures.inside),
                "communes": formats.number(figures.communes),
            },
            "tables": {name: rows for name, _, rows in _tables(figures)},
        }
    )


def _tables(figures: queries.Live) -> list[tuple[str, str, list[list[Any]]]]:
    """(name, caption, rows) of each table of the live page, as shown."""
    quarters = [[formats.hour(at), count] for at, count in figures.by_quarter]
    counts = [
        ("category", "Par catégorie", figures.by_category),
        ("door", "Par porte d’entrée", figures.by_door),
        ("epci", "Par intercommunalité", figures.by_epci),
    ]
    refusals = [
        [formats.hour(one.happened_at), one.verdict.label, one.holder or "Inconnu", one.door]
        for one in figures.refusals
    ]
    return [
        ("quarter", "Premières entrées par quart d’heure", quarters),
        *(
            (name, caption, [[one.label, one.entered, one.inside] for one in rows])
            for name, caption, rows in counts
        ),
        ("refusal", "Derniers refus", refusals),
    ]
