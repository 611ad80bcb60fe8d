"""Who came, by commune, as a table."""

from collections.abc import Iterable, Sequence
from datetime import date

from salon.entrance.queries.came_places import PlaceCount
from salon.platform.documents.spreadsheets.cells import Cell
from salon.platform.documents.spreadsheets.writer import Column, Table
from salon.platform.words.formats import short_day


def places_table(places: Sequence[PlaceCount], days: Sequence[date]) -> Table:
    """Return one row for each place; on each day when there are several."""
    of_days = days if len(days) > 1 else ()
    columns = [
        Column("Code INSEE"),
        Column("Commune ou organisme", width=30),
        Column("EPCI", width=40),
        Column("Inscrits"),
        Column("Venus"),
        *(Column(f"Venus le {short_day(day)}") for day in of_days),
    ]
    rows: Iterable[list[Cell]] = (
        [
            place.code,
            place.label,
            place.epci,
            place.registered,
            place.came,
            *(place.by_day if of_days else ()),
        ]
        for place in places
    )
    return Table("Communes venues", columns, rows, frozen_columns=2)
