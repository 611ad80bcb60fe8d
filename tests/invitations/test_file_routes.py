"""Exhibitors of a file, to their invitations."""

import html
import io
import re
from typing import Any

from sqlalchemy import select

from salon.exhibitors.models import (
    Exhibitor,
    ExhibitorTerms,
)
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.mail.outbox import Message
from salon.platform.settings.clock import now
from tests.exhibitors.make import (
    make_exhibitor,
)
from tests.exhibitors.review.pages import LIST, Status, page_of
from tests.invitations.make import make_invitation
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.files import ods

CSV = "Nom;Courriel;SIRET\nNouvelle;n@b.example;\nÉclairage;a@b.example;\nSans adresse;;\n"


def upload(client: PageClient, content: bytes, name: str = "liste.csv") -> Any:
    path = f"{LIST}/inviter"
    data = {"csrf_token": client.token(path), "file": (io.BytesIO(content), name)}
    return client.post(path, data=data, content_type="multipart/form-data")


def fields_of(page: str) -> dict[str, Any]:
    """Return the fields sent by the page of a list to invite."""

    results = {}
    for match in re.findall(r'<input[^>]*type="hidden"[^>]*>', page, re.S):
        name = re.search(r'name="([^"]+)"', match)
        value = re.search(r'value="([^"]*)"', match, re.S)
        if name and value:
            results[name[1]] = html.unescape(value[1])
    rows = re.search(r'<textarea name="rows"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert rows
    ticked = re.findall(r'name="row" value="(\d+)"', page)
    return {**results, "rows": html.unescape(rows[1]), "row": ticked}


def test_a_list_is_read_then_sent(
    organiser: PageClient, edition: Edition, open_terms: ExhibitorTerms
) -> None:
    make_exhibitor(edition, name="Eclairage")

    shown = upload(organiser, CSV.encode())
    assert shown.status_code == 200
    page = page_of(shown)
    assert "1 exposant à inviter" in page
    assert "L’adresse électronique manque." in page
    assert "Déjà candidat" in page
    assert current_session().scalars(select(Message.kind)).all() == []

    data = fields_of(shown.get_data(as_text=True))
    for _ in range(2):
        answer = organiser.post(
            f"{LIST}/inviter/envoyer", data=data, content_type="multipart/form-data"
        )
        assert answer.status_code == 302
    invited = current_session().scalars(
        select(Exhibitor.name).where(Exhibitor.status == Status.DRAFT)
    )
    assert invited.all() == ["Nouvelle"]


def test_an_unticked_line_is_not_invited(
    organiser: PageClient, edition: Edition, open_terms: ExhibitorTerms
) -> None:
    shown = upload(organiser, b"Nom;Courriel\nUn;un@b.example\nDeux;deux@b.example\n")
    data = {**fields_of(shown.get_data(as_text=True)), "row": ["3"]}
    organiser.post(f"{LIST}/inviter/envoyer", data=data)
    assert current_session().scalars(select(Exhibitor.name)).all() == ["Deux"]
    nobody = organiser.post(f"{LIST}/inviter/envoyer", data={**data, "row": []})
    assert nobody.status_code == 302
    assert current_session().scalars(select(Exhibitor.name)).all() == ["Deux"]


def test_a_wrong_line_is_corrected_before_it_is_invited(
    organiser: PageClient, edition: Edition, open_terms: ExhibitorTerms
) -> None:
    shown = upload(organiser, ods(["Nom", "Courriel"], ["Sans adresse", ""]), "liste.ods")
    data = {**fields_of(shown.get_data(as_text=True)), "cell-2-email": "a@b.example"}
    second_answer = organiser.post(f"{LIST}/inviter/envoyer", data=data)
    assert "1 exposant à inviter" in page_of(second_answer)
    assert current_session().scalars(select(Exhibitor.id)).all() == []
    organiser.post(f"{LIST}/inviter/envoyer", data=fields_of(second_answer.get_data(as_text=True)))
    assert current_session().scalars(select(Exhibitor.name)).all() == ["Sans adresse"]


NO_LISTS = (
    b"",
    b"PK\x03\x04\x00\x00",
    b"Nom;SIRET\nx;y\n",
    b"Nom;Courriel\n" + b"x;x@b.example\n" * 501,
)


def test_what_is_no_list_is_refused(organiser: PageClient, open_terms: ExhibitorTerms) -> None:
    for content in NO_LISTS:
        assert upload(organiser, content).status_code == 400, content[:20]
    too_long = organiser.post(
        f"{LIST}/inviter",
        data=b"a" * 2_000_001,
        content_type="application/x-www-form-urlencoded",
    )
    assert too_long.status_code == 413
    assert current_session().scalars(select(Exhibitor.id)).all() == []


def test_an_address_that_said_no_is_not_invited(
    organiser: PageClient, edition: Edition, open_terms: ExhibitorTerms
) -> None:
    make_invitation(edition, email="n@b.example", opposed_at=now())
    shown = upload(organiser, CSV.encode())
    assert "Ne veut plus d’invitation" in page_of(shown)
    data = fields_of(shown.get_data(as_text=True))
    organiser.post(f"{LIST}/inviter/envoyer", data={**data, "row": ["2", "3"]})
    drafts = select(Exhibitor.name).where(Exhibitor.status == Status.DRAFT)
    assert current_session().scalars(drafts).all() == ["Éclairage"]


def test_a_line_that_resembles_an_application_is_ticked_by_hand(
    organiser: PageClient, edition: Edition, open_terms: ExhibitorTerms
) -> None:
    make_exhibitor(edition, name="Éclairage Dupont")
    content = "Nom;Courriel\nSARL Dupont Éclairage;n@b.example\nMenuiserie;m@b.example\n"
    shown = upload(organiser, content.encode()).get_data(as_text=True)
    assert "Ressemble à Éclairage Dupont. Cochez si ce sont deux exposants." in shown
    ticked = re.findall(r'name="row" value="(\d+)" checked', shown)
    assert ticked == ["3"]
