"""The demonstration's village: agents, needs of stands, a published rota; agents in numbers."""

import random
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

from salon.badges.engine.matching import place_key
from salon.fair.imports.seed_tables import read_table
from salon.fair.models import Edition, PartnerBody
from salon.fair.queries import bodies_of
from salon.fair.services.acts import FairAct
from salon.platform.database.identity import Identity
from salon.platform.documents.spreadsheets.reader import SheetLine
from salon.staffing.services.agents_import import import_agents
from salon.staffing.services.loading import (
    SHIFTS,
    load_needs_of,
    publish_shifts_of,
    read_agents_of,
)

SEED = 34
NAMED_BEFORE = timedelta(days=45)
PUBLISHED_BEFORE = timedelta(days=14)
SHARE_OF_THE_FIRST_BODY = 0.6
FUNCTIONS = (
    *("Chargée de mission", "Chargé de mission", "Instructrice", "Instructeur"),
    *("Technicienne", "Technicien", "Ingénieure", "Ingénieur", "Conseillère", "Conseiller"),
)
HOURS = ("", "", "", "9:00", "9:30", "10:00")
LAST_HOURS = ("", "", "", "16:00", "17:00", "17:30")
ABSENCES = ("", "", "", "10:00 - 11:00", "14:00 - 15:30", "16:00 - 17:00")

Say = Callable[[str], None]


def load_village(edition: Edition, folder: Path, actor: Identity, say: Say) -> None:
    """Load the agents of agents.csv and the needs of stands, publish the rota of shifts.csv."""
    named_at = edition.starts_at - NAMED_BEFORE
    lines = read_agents_of(folder).lines
    import_agents(FairAct(actor, named_at, edition=edition), lines, _key("agents"), notify=False)
    needs = load_needs_of(FairAct(actor, edition=edition), folder)
    shifts = 0
    if (folder / SHIFTS).exists():
        published = edition.starts_at - PUBLISHED_BEFORE
        shifts = publish_shifts_of(FairAct(actor, published, edition=edition), folder)
    say(f"{len(lines)} agents, {needs} demi-heures à tenir, {shifts} vacations publiées")


def make_up_agents(edition: Edition, names: Path, count: int, actor: Identity, say: Say) -> None:
    """Add `count` agents spread over the bodies: the same number gives the same agents."""
    invention = _Invention(bodies_of(edition), names, random.Random(SEED))
    lines = [SheetLine(number, invention.cells(number)) for number in range(1, count + 1)]
    key = _key(f"agents made up {count}")
    import_agents(
        FairAct(actor, edition.starts_at - NAMED_BEFORE, edition=edition), lines, key, notify=False
    )
    say(f"{count} agents de plus")


def _key(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


class _Invention:
    """Generator of agents, more of the first body than of the others."""

    def __init__(self, bodies: Sequence[PartnerBody], names: Path, chance: random.Random) -> None:
        self.bodies = bodies
        self.chance = chance
        rows = read_table(names, "sorte", "valeur", "civilite")
        self.first_names = [
            (row.raw("valeur"), row.raw("civilite")) for row in rows if row.raw("sorte") == "prénom"
        ]
        self.last_names = [row.raw("valeur") for row in rows if row.raw("sorte") == "nom"]
        self.themes = [theme.name for body in bodies for theme in body.themes]

    def cells(self, number: int) -> dict[str, str]:
        """Return a line of a list of agents."""
        chance = self.chance
        body = self.bodies[0]
        if chance.random() >= SHARE_OF_THE_FIRST_BODY:
            body = chance.choice(self.bodies[1:])
        first_name, civility = chance.choice(self.first_names)
        last_name = chance.choice(self.last_names)
        stands = [body.stand.number]
        if chance.random() < 0.3:
            stands.append(chance.choice(self.bodies).stand.number)
        local_part = place_key(f"{first_name} {last_name}").replace(" ", "-")
        return {
            "body": body.short_name,
            "civility": civility,
            "first_name": first_name,
            "last_name": last_name,
            "function": chance.choice(FUNCTIONS[civility == "monsieur" :: 2]),
            "email": f"{local_part}.{number}@{body.slug}.example",
            "phone": f"04 00 {number // 10_000 % 100:02d} {number // 100 % 100:02d} "
            f"{number % 100:02d}",
            "themes": " | ".join(chance.sample(self.themes, min(len(self.themes), 2))),
            "stands": " | ".join(dict.fromkeys(stands)),
            "wished": stands[0] if chance.random() < 0.5 else "",
            "arrives_at": chance.choice(HOURS),
            "leaves_at": chance.choice(LAST_HOURS),
            "unavailable": chance.choice(ABSENCES),
        }
