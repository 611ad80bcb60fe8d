"""« Écrire à cette liste »: a message takes over the filters that it has, and names the others."""

import re

from flask import Flask

from salon.fair.models import Edition
from salon.platform.database.identity import Role
from tests.badges.people import make_person, register
from tests.exhibitors.make import make_exhibitor
from tests.factories import sign_in
from tests.fair.test_practical import text_of
from tests.mailings.audiences.make import make_guest, write_in_book
from tests.staffing.make import make_agent, make_village

NEW = "/organisation/ecrire/nouveau"
LISTS = (
    ("communes", "places", "state=to_send&q=b&sort=name", "to_send", "le texte cherché"),
    ("communes", "places", "state=to_send&follower=none", "to_send", "la personne qui suit"),
    ("invites", "organisations", "state=to_send&q=midi", "to_send", "le texte cherché"),
    ("exposants", "exhibitors", "state=accepted&kind=company", "accepted", "la sorte d’organisme"),
    ("participants", "people", "category=elected&commune=34032", "elected", "la commune"),
    ("village/agents", "agents", "lacks=shifts&zut=1", "shifts", "un autre filtre"),
)


def test_a_list_is_written_to_with_its_filters(app: Flask, edition: Edition) -> None:
    organiser = sign_in(app, Role.ORGANISER)
    write_in_book("34032")
    make_guest("Midi Libre", "redaction@midi.example")
    register(make_person())
    make_exhibitor(edition)
    make_agent(make_village(edition))
    for path, audience, query, choice, left_out in LISTS:
        address = f"{NEW}/{audience}?{query}"
        listed = organiser.get(f"/organisation/{path}?{query}")
        assert f'href="{address.replace("&", "&amp;")}"' in listed.text
        page = organiser.get(address)
        assert re.search(rf'<option[^>]* selected[^>]* value="{choice}"', page.text), audience
        assert f"Un message ne se filtre pas par {left_out} :" in text_of(page)
        sorted_list = organiser.get(f"{NEW}/{audience}?sort=name")
        assert "Tous les filtres" not in text_of(sorted_list)
