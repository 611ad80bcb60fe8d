"""Load the floor of an edition's folder: halls, landmarks, stands."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from salon.fair import rules
from salon.fair.engine.layout import NewStand
from salon.fair.imports.seed_tables import (
    DOOR_COLUMNS,
    HALL_COLUMNS,
    LANDMARK_COLUMNS,
    Row,
    read_table,
    read_table_if_any,
)
from salon.fair.imports.stands import STAND_COLUMNS, read_stand
from salon.fair.models import (
    Door,
    Edition,
    Hall,
    Landmark,
    LandmarkKind,
    Stand,
)
from salon.fair.rules.landmarks import check_landmark_is_inside
from salon.fair.services.stands import put_stands
from salon.platform.settings.clock import now
from salon.platform.words.texts import folded


def load_floor(session: Session, folder: Path, edition: Edition) -> dict[str, Stand]:
    """Add halls, stands and doors; return the stands by number."""
    halls = {row.key("nom"): hall for row, hall in _read_halls(folder, edition)}
    session.add_all(halls.values())
    session.flush()
    stands = {
        stand.number: stand
        for name, hall_stands in _read_stands(folder, halls).items()
        for stand in put_stands(session, halls[name], hall_stands)
    }
    session.add_all(_read_landmarks(folder, edition, halls))
    doors: dict[str, Door] = {}
    for row in read_table(folder / "doors.csv", *DOOR_COLUMNS):
        doors[row.new("code", doors)] = Door(
            edition_id=edition.id,
            code=row.key("code"),
            label=row.text("libelle"),
            admits=row.items("admet"),
        )
    session.add_all(doors.values())
    return stands


def _read_halls(folder: Path, edition: Edition) -> list[tuple[Row, Hall]]:
    names: dict[str, Row] = {}
    halls = []
    for row in read_table(folder / "halls.csv", *HALL_COLUMNS[:-2]):
        hall = Hall(
            edition_id=edition.id,
            name=row.key("nom"),
            area=row.number("surface"),
            width=row.number("largeur"),
            depth=row.number("profondeur"),
            x=row.number("x"),
            y=row.number("y"),
            aisle=row.number("allee"),
            power_kw=row.whole("puissance"),
            has_water=row.yes("eau"),
            description=row.optional_text("description"),
            closed_at=now_if_yes(row, "ferme"),
        )
        rules.check_hall_has_its_area(hall)
        names[row.new("nom", names)] = row
        halls.append((row, hall))
    return halls


def _read_landmarks(folder: Path, edition: Edition, halls: dict[str, Hall]) -> list[Landmark]:
    """Return the landmarks of the file, which a folder may lack; without a hall, outdoors."""
    names: dict[str, Row] = {}
    landmarks = []
    for row in read_table_if_any(folder / "landmarks.csv", *LANDMARK_COLUMNS):
        hall = row.known("hall", halls) if row.raw("hall") else None
        names[row.new("nom", names)] = row
        landmark = Landmark(
            edition_id=edition.id,
            kind=row.one_of("nature", {folded(kind.label): kind for kind in LandmarkKind}),
            name=row.text("nom"),
            hall_id=hall.id if hall else None,
            x=row.number("x"),
            y=row.number("y"),
            is_step_free=row.yes("fauteuil"),
        )
        if hall:
            check_landmark_is_inside(hall, landmark.x, landmark.y)
        landmarks.append(landmark)
    return landmarks


def _read_stands(folder: Path, halls: dict[str, Hall]) -> dict[str, list[NewStand]]:
    """Return the stands of the file by hall."""
    numbers: dict[str, Row] = {}
    stands_by_hall: dict[str, list[NewStand]] = {name: [] for name in halls}
    for row in read_table(folder / "stands.csv", *STAND_COLUMNS):
        row.known("hall", halls)
        numbers[row.new("numero", numbers)] = row
        stands_by_hall[row.key("hall")].append(read_stand(row))
    return stands_by_hall


def now_if_yes(row: Row, column: str) -> datetime | None:
    """Return the instant of loading when a cell, in a column that may lack, says yes."""
    return now() if row.cells.get(column) and row.yes(column) else None
