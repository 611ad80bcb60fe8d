"""Table of the settings of badges: papers, printed lines, colours of the categories."""

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from salon.badges.models.badge_layouts import Layout
from salon.platform.database.db import Model, value_in
from salon.platform.words.labels import LabelledEnum

KIOSK_LAYOUTS = {
    Layout.A6.value: "Badge A6, à plier",
    Layout.LABEL_62.value: "Étiquette, rouleau de 62\u00a0mm",
}
"""Papers of a kiosk and of a print station, which print from their browser."""


class BadgeLine(LabelledEnum):
    """A line of a badge that the organiser chooses; the name and the code are always printed."""

    FUNCTION = "function", "Fonction"
    ORGANISATION = "organisation", "Commune, EPCI ou organisme"
    STAND = "stand", "Numéro du stand, pour un exposant ou un agent du village"
    FAIR = "fair", "Jour, heures et lieu du salon"


DEFAULT_LINES = (BadgeLine.FUNCTION, BadgeLine.ORGANISATION, BadgeLine.FAIR)


class BadgeSettings(Model):
    """The organiser's choices for badges; an edition without a row has the defaults.

    `print_layout` is proposed for a batch, `desk_layout` at the welcome desk, `kiosk_layout` (a6 or
    62mm) is what kiosks print. `lines` are the printed ones (`BadgeLine`). `colours`: « #rrggbb »
    by category, for those that differ from the product's own.
    """

    __tablename__ = "badge_settings"
    __table_args__ = (
        value_in("print_layout", Layout),
        value_in("desk_layout", Layout),
        value_in("kiosk_layout", KIOSK_LAYOUTS),
    )

    edition_id: Mapped[int] = mapped_column(ForeignKey("editions.id"), primary_key=True)
    print_layout: Mapped[str] = mapped_column(default=Layout.A4.value)
    desk_layout: Mapped[str] = mapped_column(default=Layout.LABEL_62.value)
    kiosk_layout: Mapped[str] = mapped_column(default=Layout.A6.value)
    lines: Mapped[list[str]] = mapped_column(
        JSON, default=lambda: [line.value for line in DEFAULT_LINES]
    )
    colours: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)

    @property
    def id(self) -> int:
        return self.edition_id
