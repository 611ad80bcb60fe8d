"""Present the way to the next appointment: a sentence and a plan without links."""

import re

from flask import render_template
from markupsafe import Markup

from salon.fair.engine.walking import minutes_between, stand_spot
from salon.fair.engine.ways import way
from salon.fair.models import Edition, Stand
from salon.fair.presenters.plan_drawing import hall_drawing, park_drawing
from salon.fair.queries import halls_of
from salon.kiosk import queries
from salon.kiosk.presenters import welcome
from salon.platform.words.formats import plural

LINKS = re.compile(r"</?a\b[^>]*>")


def way_shown(edition: Edition, day: queries.Day, near: str) -> dict[str, object]:
    """Return the way to the next appointment, in words and drawn; without one, the plan of the
    park.
    """
    if day.next is None:
        park = park_drawing(edition, halls_of(edition))
        title = "Aucun rendez-vous à venir aujourd’hui"
        sentence = "Voici le plan du salon."
        return {
            "title": title,
            "said": sentence,
            "plan": _drawn(park.frame.view_box, park.svg, sentence),
        }
    stand = queries.get_stand(day.next.stand_id)
    nearby_stand = queries.find_stand_by_number(edition.id, near) if near else None
    hour = welcome.appointment_shown(day.next)["hour"]
    title = f"À {hour}\u00a0: hall {stand.hall.name}, stand {stand.number}"
    sentence = f"{day.next.theme or day.next.title}, avec {day.next.party}."
    if nearby_stand is not None:
        sentence += f" {_walk_sentence(nearby_stand, stand)}"
    drawing = hall_drawing(edition, stand.hall)
    label = f"Plan du hall {stand.hall.name}\u00a0: le stand {stand.number} est entouré."
    plan = _drawn(drawing.frame.view_box, drawing.svg, label, stand, _path(nearby_stand, stand))
    return {"title": title, "said": sentence, "plan": plan}


def _walk_sentence(nearby_stand: Stand, stand: Stand) -> str:
    if nearby_stand.id == stand.id:
        return "Vous y êtes."
    minutes = minutes_between(stand_spot(nearby_stand), stand_spot(stand))
    start = (
        "D’ici"
        if nearby_stand.hall_id == stand.hall_id
        else f"Vous êtes dans le hall {nearby_stand.hall.name}"
    )
    return f"{start}, comptez {plural(minutes, 'minute')} à pied."


def _path(nearby_stand: Stand | None, stand: Stand) -> list[tuple[float, float]]:
    if nearby_stand is None or nearby_stand.hall_id != stand.hall_id:
        return []
    hall = stand.hall
    return way(hall.width, hall.depth, queries.stands_of(hall), nearby_stand, stand)


def _drawn(
    view_box: str,
    inside: Markup,
    label: str,
    stand: Stand | None = None,
    path: list[tuple[float, float]] | None = None,
) -> str:
    """Return the plan as an image: a kiosk has no links."""
    return render_template(
        "kiosk/_plan.html",
        view_box=view_box,
        inside=Markup(LINKS.sub("", inside)),
        label=label,
        stand=stand,
        path=path or [],
    )
