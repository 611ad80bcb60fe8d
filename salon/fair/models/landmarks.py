"""Landmarks: what people look for on the plan besides the stands."""

import re

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from salon.fair.models.floor import Hall
from salon.platform.database.db import Model
from salon.platform.words.labels import LabelledEnum


class LandmarkKind(LabelledEnum):
    """What a landmark is for."""

    ENTRANCE = "entrance", "Entrée"
    RECEPTION = "reception", "Accueil"
    TOILETS = "toilets", "Toilettes"
    FOOD = "food", "Restauration"
    ROOM = "room", "Salle"
    FIRST_AID = "first_aid", "Premiers secours"
    CLOAKROOM = "cloakroom", "Vestiaire"
    PARKING = "parking", "Stationnement"
    OTHER = "other", "Autre repère"


SIGNS = {
    LandmarkKind.ENTRANCE: "E",
    LandmarkKind.RECEPTION: "i",
    LandmarkKind.TOILETS: "WC",
    LandmarkKind.FOOD: "R",
    LandmarkKind.ROOM: "S",
    LandmarkKind.FIRST_AID: "+",
    LandmarkKind.CLOAKROOM: "V",
    LandmarkKind.PARKING: "P",
    LandmarkKind.OTHER: "•",
}
"""What is drawn for each kind."""
LETTER = re.compile(r" (\w{1,2})(?:,|$)")
"""The letter or the number that ends the name of an entrance."""


class Landmark(Model):
    """A point of the plan with a name: an entrance, the toilets, the car park.

    `x`, `y` in metres from the north-west corner of its hall; outdoors (`hall_id` None), from that
    of the park. `is_step_free`: usable in a wheelchair.
    """

    __tablename__ = "landmarks"
    __table_args__ = (
        UniqueConstraint("edition_id", "name"),
        CheckConstraint("x > -0.01 AND y > -0.01", name="inside_the_park"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"))
    hall_id: Mapped[int | None] = mapped_column(ForeignKey("halls.id"), index=True, default=None)
    kind: Mapped[LandmarkKind]
    name: Mapped[str]
    x: Mapped[float]
    y: Mapped[float]
    is_step_free: Mapped[bool] = mapped_column(default=False)

    hall: Mapped[Hall | None] = relationship()

    @property
    def sign(self) -> str:
        """Return what is drawn on the plan: « WC », and « B » for the entrance of this name."""
        if self.kind == LandmarkKind.ENTRANCE and (letter := LETTER.search(self.name)):
            return letter[1].upper()
        return SIGNS[self.kind]

    @property
    def label(self) -> str:
        """Return the name, and whether one comes there in a wheelchair."""
        return f"{self.name}, accessible en fauteuil" if self.is_step_free else self.name

    @property
    def place_label(self) -> str:
        """Return « hall 3 » or « dehors »."""
        return f"hall {self.hall.name}" if self.hall else "dehors"

    @property
    def park_x(self) -> float:
        return self.x + (self.hall.x if self.hall else 0)

    @property
    def park_y(self) -> float:
        return self.y + (self.hall.y if self.hall else 0)
