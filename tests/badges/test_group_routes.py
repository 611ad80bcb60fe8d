"""The pages where several people of a place are registered together."""

import io
import re

import pypdfium2
import pytest
from flask import Flask

from salon.badges.models import Attendee, Badge, Group
from salon.fair.models import Edition
from salon.platform.database.db import transaction
from salon.platform.database.identity import Role
from salon.platform.mail.delivery import attachments_of, words_of
from salon.platform.mail.outbox import Message
from tests.badges.people import all_of, kinds_sent, make_person, register
from tests.badges.visitor_pages import VISITOR, page_of
from tests.factories import sign_in
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.files import xlsx

# Groups


def group_fields(*names: str) -> dict[str, str]:
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    for number, name in enumerate(names):
        fields |= {
            f"lines-{number}-civility": "monsieur",
            f"lines-{number}-first_name": "Jean",
            f"lines-{number}-last_name": name,
            f"lines-{number}-function": "councillor",
        }
    return fields


def test_a_secretary_registers_her_commune_and_finds_it_again(
    client: PageClient, edition: Edition
) -> None:
    answer = client.fill("/inscription/commune", **group_fields("Un", "Deux", "Trois"))
    assert answer.status_code == 302
    assert [attendee.commune_code for attendee in all_of(Attendee)] == ["34160"] * 3
    assert kinds_sent() == ["group_registered"]
    _, body = words_of(all_of(Message)[0])
    assert "- Jean Deux" in body
    token = all_of(Group)[0].private_token
    assert f"/inscription/dossier/{token}" in body
    page = page_of(client.get(f"/inscription/dossier/{token}"))
    for badge in all_of(Badge):
        assert f"/badge/{badge.private_token}" in page
    pdf = pypdfium2.PdfDocument(client.get(f"/inscription/dossier/{token}.pdf").data)
    assert "Trois" in pdf[0].get_textpage().get_text_range()


def test_lines_are_added_and_removed_without_javascript_and_nothing_else_is_lost(
    client: PageClient, edition: Edition
) -> None:
    """The reader goes on where they were: the browser scrolls to what takes the focus."""
    path, fields = "/inscription/commune", group_fields("Un", "Deux", "Trois")
    page = page_of(client.get(path))
    assert page.count('class="repeat"') == 3
    more = page_of(client.fill(path, **fields, action="add"))
    assert more.count('class="repeat"') == 4
    assert re.findall(r'<select autofocus [^>]*name="([^"]*)"', more) == ["lines-3-civility"]
    assert "La fiche de la personne 4 est ajoutée." in more
    fewer = page_of(client.fill(path, **fields, action="remove-1"))
    assert re.findall(r'value="(Un|Deux|Trois)"', fewer) == ["Un", "Trois"]
    assert 'id="lines-1-last_name"' in fewer
    assert '<legend tabindex="-1" autofocus>Personne 2</legend>' in fewer
    assert "La fiche de Jean Deux est retirée. Il en reste 2." in fewer
    last = page_of(client.fill(path, **group_fields("Un"), action="remove-0"))
    assert 'value="Un"' in last, "one line stays"
    assert "Retirer" not in last
    assert 'value="Un"' in page_of(client.fill(path, **group_fields("Un"), action="remove-x"))
    assert all_of(Attendee) == []


def test_enter_in_a_field_registers_and_changes_no_line(
    client: PageClient, edition: Edition
) -> None:
    """A browser sends the first button of a form (HTML, « implicit submission »)."""
    page = page_of(client.get("/inscription/commune"))
    buttons = re.findall(r'<button [^>]*type="submit"[^>]*>', page[page.index('class="form"') :])
    assert 'name="action"' not in buttons[0]
    assert sum('name="action"' in button for button in buttons) == 4


def test_a_wrong_line_is_named_and_nobody_is_registered(
    client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux")
    fields["lines-1-function"] = ""
    answer = client.fill("/inscription/commune", **fields)
    assert answer.status_code == 400
    assert "Personne 2" in page_of(answer)
    empty = client.fill("/inscription/commune", **group_fields())
    assert "Indiquez au moins une personne." in page_of(empty)
    assert all_of(Attendee) == []


def test_the_end_counts_who_is_registered_and_says_where_the_badges_are(
    app: Flask, edition: Edition
) -> None:
    """The same for a person who was registered before (decision 0004)."""
    register(make_person(first_name="Jean", last_name="Deux", email="mairie@mons.example"))
    pages = []
    for name in ("Deux", "Inconnu"):
        client = app.test_client()
        assert isinstance(client, PageClient)
        fields = group_fields("Un", name, "Trois")
        answer = client.fill("/inscription/commune", **fields)
        page = page_of(client.get(answer.location))
        assert "<h1>3\u00a0personnes sont inscrites</h1>" in page
        assert "Le dossier, avec tous les badges, vient de partir" in page
        pages.append(page.replace(name, "X"))
    assert pages[0] == pages[1]
    client.fill("/inscription/commune", **group_fields("Seul"))
    assert "<h1>1\u00a0personne est inscrite</h1>" in page_of(client.get("/inscription/merci"))


def test_who_reads_the_mailbox_sees_the_badges_at_once(
    app: Flask, client: PageClient, edition: Edition
) -> None:
    """Who opened a link sent there reads the message anyway; nobody else sees a badge here."""
    client.fill("/inscription/commune", **group_fields("Un", "Deux"))
    (group,) = all_of(Group)
    client.get(f"/inscription/dossier/{group.private_token}")
    answer = client.fill("/inscription/commune", **group_fields("Trois", "Quatre"))
    assert answer.location == f"/inscription/dossier/{all_of(Group)[1].private_token}"
    page = page_of(client.get(answer.location))
    assert "2\u00a0personnes sont inscrites." in page
    assert page.count("QR code du badge de Jean") == 2
    elsewhere = group_fields("Cinq", "Six") | {"email": "mairie+x@mons.example"}
    assert client.fill("/inscription/commune", **elsewhere).location == "/inscription/merci"
    organiser = sign_in(app, Role.ORGANISER)
    answer = organiser.fill("/inscription/commune", **group_fields("Sept"))
    assert answer.location == f"/inscription/dossier/{all_of(Group)[3].private_token}"
    other = organiser.fill("/inscription/commune", **group_fields("Sept", "Huit"))
    organiser.get(other.location)
    stranger = app.test_client()
    assert isinstance(stranger, PageClient)
    answer = stranger.fill("/inscription/commune", **group_fields("Neuf"))
    assert answer.location == "/inscription/merci"


def test_the_message_of_a_group_carries_every_badge(client: PageClient, edition: Edition) -> None:
    client.fill("/inscription/commune", **group_fields("Un", "Deux", "Trois"))
    (message,) = all_of(Message)
    (file,) = attachments_of(message)
    pages = pypdfium2.PdfDocument(file.content)
    assert (file.file_name, len(pages)) == ("badges.pdf", 1)
    words = pages[0].get_textpage().get_text_range()
    assert [name for name in ("Un", "Deux", "Trois") if name in words] == ["Un", "Deux", "Trois"]
    with transaction():
        all_of(Group)[0].private_token = "renewed"
    assert attachments_of(message) == []


LIST = """Civilité;Prénom;Nom;Fonction;Adresse électronique
Mme;Françoise;L’Héritier;Maire;
M.;Noël;=1+1;1er adjoint;noel@mons.example
;;Sansprénom;Maire;
M.;Long;{long};Maire;
M.;Faux;Courriel;Maire;pas une adresse
Mme;FRANCOISE;l'heritier;Maire;
M.;Nul;A\x00B;Maire;
M.;Jean;Sansfonction;;
""".replace("{long}", "x" * 5000)


def test_a_pasted_list_is_read_again_before_anything_is_written(
    client: PageClient, edition: Edition
) -> None:
    fields = {"commune": "Mons", "email": "mairie@mons.example", "roster": LIST}
    preview = client.fill("/inscription/commune/liste", **fields)
    page = page_of(preview)
    assert preview.status_code == 200
    assert "6\u00a0lignes à corriger" in page
    for words in (
        "Indiquez le prénom.",
        "Au plus 60 caractères.",
        "ne paraît pas complète",
        "Même personne qu’à la ligne 2.",
        "suite de caractères refusée",
        "Choisissez la fonction.",
    ):
        assert words in page
    assert all_of(Attendee) == []
    confirmed = client.fill("/inscription/commune/liste", **fields, action="confirm")
    assert confirmed.location == "/inscription/merci"
    assert sorted(attendee.last_name for attendee in all_of(Attendee)) == ["=1+1", "L’Héritier"]
    second_answer = client.fill("/inscription/commune/liste", **fields, action="confirm")
    assert second_answer.status_code == 302
    assert len(all_of(Attendee)) == 2


def test_a_file_of_windows_is_read(client: PageClient, edition: Edition) -> None:
    content = "Prénom;Nom;Fonction\nÉloïse;Œuf;Maire\n".encode("cp1252")
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    form_fields = {**fields, "file": (io.BytesIO(content), "é lus.csv")}
    page = page_of(client.fill("/inscription/commune/liste", **form_fields))
    assert "Éloïse Œuf" in page
    roster = re.search(r'name="roster" value="([^"]*)"', page)
    assert roster
    client.fill("/inscription/commune/liste", **fields, roster=roster[1], action="confirm")
    assert all_of(Attendee)[0].full_name == "Éloïse Œuf"


def test_a_workbook_is_corrected_on_its_preview(client: PageClient, edition: Edition) -> None:
    content = xlsx([["Prénom", "Nom", "Tél"], ["Éloïse", "Œuf", 467000000]])
    fields = {"commune": "Mons", "email": "mairie@mons.example"}
    path = "/inscription/commune/liste"
    page = page_of(client.fill(path, **fields, file=(io.BytesIO(content), "élus.xlsx")))
    assert "Choisissez la fonction." in page
    roster = re.search(r'name="roster" value="([^"]*)"', page)
    assert roster
    form_fields = {**fields, "roster": roster[1], "cell-2-function": "Maire"}
    second_answer = page_of(client.fill(path, **form_fields, action="confirm"))
    assert "Inscrire 1\u00a0personne" in second_answer
    assert all_of(Attendee) == []
    roster = re.search(r'name="roster" value="([^"]*)"', second_answer)
    assert roster
    client.fill(path, **fields, roster=roster[1], action="confirm")
    [attendee] = all_of(Attendee)
    assert (attendee.full_name, attendee.phone) == ("Éloïse Œuf", "04 67 00 00 00")


@pytest.mark.parametrize(
    ("roster", "words"),
    [
        ("", "Collez la liste"),
        ("Prénom;Fonction\nA;Maire", "Il manque : Nom"),
        ("Prénom;Nom", "aucune personne"),
    ],
)
def test_a_list_that_cannot_be_read_says_why(
    client: PageClient, edition: Edition, roster: str, words: str
) -> None:
    fields = {"commune": "Mons", "email": "mairie@mons.example", "roster": roster}
    answer = client.fill("/inscription/commune/liste", **fields)
    assert answer.status_code == 400
    assert words in page_of(answer).replace("\u00a0:", " :")


def test_a_file_that_is_no_text_says_so(client: PageClient, edition: Edition) -> None:
    fields = {
        "commune": "Mons",
        "email": "mairie@mons.example",
        "file": (io.BytesIO(b"\x81\x8d\x00"), "x.csv"),
    }
    answer = client.fill("/inscription/commune/liste", **fields)
    assert answer.status_code == 400
    assert "pas un texte" in page_of(answer)


def test_the_dossier_names_the_commune_and_puts_the_mayor_first(
    client: PageClient, edition: Edition
) -> None:
    fields = group_fields("Un", "Deux", "Trois") | {"lines-2-function": "mayor"}
    client.fill("/inscription/commune", **fields)
    page = page_of(client.get(f"/inscription/dossier/{all_of(Group)[0].private_token}"))
    assert "<h1>Votre dossier d’inscription, Mons</h1>" in page
    names = re.findall(r"Badge&nbsp;: </span>([^<]+)<", page)
    assert names == ["Jean Trois", "Jean Deux", "Jean Un"]


def test_a_person_is_added_to_a_group(client: PageClient, edition: Edition) -> None:
    register(make_person(), make_person(), contact="mairie@mons.example")
    token = all_of(Group)[0].private_token
    path = f"/inscription/dossier/{token}/ajouter"
    assert "son badge part à mairie@mons.example." in page_of(client.get(path))
    assert client.fill(path, first_name="Jean").status_code == 400
    line = {"first_name": "Jean", "last_name": "Neuf", "function": "officer"}
    assert client.fill(path, **line).location == f"/inscription/dossier/{token}"
    added = all_of(Attendee)[-1]
    assert (added.group_id, added.email) == (all_of(Group)[0].id, "mairie@mons.example")


MANY = """Commune;Prénom;Nom;Fonction;Catégorie
Mons;Anne;Dr ROUX;1ère adjointe aux finances;
;Luc;Noir;Adjoint technique;
;Ève;Blanc;Présidente;
CCAS de Mons;Paul et Anne;Blanc;Maire;
"""


def test_a_list_shows_category_and_printed_function_and_asks_where_unsure(
    client: PageClient, edition: Edition
) -> None:
    fields = {"commune": "Béziers", "email": "mairie@mons.example", "roster": MANY}
    path = "/inscription/commune/liste"
    page = page_of(client.fill(path, **fields))
    words = " ".join(re.sub("<[^>]*>", " ", page).replace("\u00a0", " ").split())
    assert "Madame Anne Roux Élue, 1ère adjointe aux finances, Mons" in words
    assert "Le titre « Dr » ne s’imprime pas." in words
    assert "Visiteur(se), Adjoint technique, mairie@mons.example" in words
    assert "« Présidente » est-il un mandat d’élu ?" in words
    assert "Deux personnes semblent nommées ici" in words
    assert "La commune « CCAS de Mons » n’est pas sûre. Écrivez « Mons », ou remplissez" in words
    corrections = {"cell-4-category": "Élu", "cell-5-first_name": "Paul", "cell-5-commune": ""}
    answer = client.fill(path, **fields, **corrections, action="confirm")
    roster = re.search(r'name="roster" value="([^"]*)"', page_of(answer))
    assert roster
    client.fill(path, **fields | {"roster": roster[1]}, action="confirm")
    people = {f"{row.first_name} {row.last_name}": row for row in all_of(Attendee)}
    assert {name: (row.category, row.on_behalf_of) for name, row in people.items()} == {
        "Anne Roux": ("elected", "Mons"),
        "Luc Noir": ("visitor", "Béziers"),
        "Ève Blanc": ("elected", "Béziers"),
        "Paul Blanc": ("elected", "Béziers"),
    }
    assert people["Anne Roux"].civility == "madame"
    assert people["Anne Roux"].function_other == "1ère adjointe aux finances"


def test_correcting_a_first_name_asks_no_civility(client: PageClient, edition: Edition) -> None:
    register(make_person(civility="", function="deputy_mayor"), contact="mairie@mons.example")
    [attendee] = all_of(Attendee)
    path = f"/badge/{attendee.badges[0].private_token}"
    assert "Adjoint(e) au maire" in page_of(client.get(path))
    fields = {
        **VISITOR,
        "first_name": "Maud",
        "function": attendee.function,
        "version": "1",
    }
    del fields["civility"]
    answer = client.fill(f"{path}/modifier", **fields)
    assert answer.status_code == 302
    assert (all_of(Attendee)[0].first_name, all_of(Attendee)[0].civility) == ("Maud", "")
