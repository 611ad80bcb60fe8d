"""The pages of a list of agents."""

import io
import re
from typing import Any

import pytest
from werkzeug.test import encode_multipart

from salon.fair.models import Edition
from salon.staffing.queries.agents import agents_of
from salon.staffing.routes.agents_import import SHOWN
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.files import xlsx
from tests.staffing.agents.pages import IMPORT, LIST, hidden
from tests.staffing.make import Village


def upload(client: PageClient, content: str | bytes) -> Any:
    data = content.encode() if isinstance(content, str) else content
    return client.post(
        IMPORT,
        data={"csrf_token": client.token(IMPORT), "file": (io.BytesIO(data), "agents.csv")},
    )


GOOD = "Organisme;Civilité;Prénom;Nom;Courriel\nDépartement;Mme;Noëlle;Saint-Aunès;n@h.example\n"


def carried(page: str) -> str:
    rows = re.search(r'<textarea name="rows"[^>]*>\n(.*?)</textarea>', page, re.S)
    assert rows
    return rows[1]


def test_a_list_is_read_again_then_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    preview = upload(organiser, GOOD)
    page = preview.get_data(as_text=True)
    assert "1\u00a0agent à ajouter" in page
    assert agents_of(edition) == []
    data = {**hidden(page), "rows": carried(page)}
    assert organiser.post(f"{IMPORT}/confirmer", data=data).status_code == 302
    assert [agent.last_name for agent in agents_of(edition)] == ["Saint-Aunès"]


def test_a_list_longer_than_what_a_form_usually_carries_is_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    head, line = GOOD.splitlines()
    size = SHOWN + 50
    long = "\n".join([head, *(line.replace("n@", f"agent{n}@") for n in range(size))])
    page = upload(organiser, long).get_data(as_text=True)
    assert "50\u00a0autres lignes ne sont pas montrées" in page
    data = {**hidden(page), "rows": long + "\n" * 1_000_000}
    boundary, body = encode_multipart(data)
    kind = f"multipart/form-data; boundary={boundary}"
    answer = organiser.post(f"{IMPORT}/confirmer", data=body, content_type=kind)
    assert answer.status_code == 302
    assert len(agents_of(edition)) == size


def test_lines_to_correct_are_named_and_nothing_is_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    bad = GOOD + "Commune de Mons;Mme;A;B;a@b.example\n"
    page = upload(organiser, bad).get_data(as_text=True)
    assert "1\u00a0ligne à corriger" in page
    assert "L’organisme «\u00a0Commune de Mons\u00a0» n’est pas connu." in page
    assert "Enregistrer" not in page
    data = {**hidden(upload(organiser, GOOD).get_data(as_text=True)), "rows": bad}
    answer = organiser.post(f"{IMPORT}/confirmer", data=data)
    assert answer.status_code == 400
    assert "Rien n’a été enregistré" in answer.get_data(as_text=True)
    assert agents_of(edition) == []


def test_a_wrong_line_of_a_workbook_is_corrected_on_the_page_then_taken(
    organiser: PageClient, village: Village, edition: Edition
) -> None:
    rows = [line.split(";") for line in GOOD.replace("Département", "Commune de Mons").splitlines()]
    page = upload(organiser, xlsx(rows)).get_data(as_text=True)
    assert 'name="cell-2-body" value="Commune de Mons"' in page
    fields = {**hidden(page), "rows": carried(page), "cell-2-body": "Département"}
    second_page = organiser.post(f"{IMPORT}/confirmer", data=fields).get_data(as_text=True)
    assert "1\u00a0agent à ajouter" in second_page
    assert agents_of(edition) == []
    confirmed = {**hidden(second_page), "rows": carried(second_page)}
    for _ in range(2):
        assert organiser.post(f"{IMPORT}/confirmer", data=confirmed).status_code == 302
    assert [agent.last_name for agent in agents_of(edition)] == ["Saint-Aunès"]


@pytest.mark.parametrize("content", [b"", b"\x00\x01", "Prénom;Nom\nA;B\n".encode()])
def test_a_file_that_is_no_list_is_refused(organiser: PageClient, content: bytes) -> None:
    assert upload(organiser, content).status_code == 400


def test_the_template_can_be_imported(organiser: PageClient, village: Village) -> None:
    template = organiser.get(f"{LIST}/modele.csv")
    assert template.get_data(as_text=True).lstrip("\ufeff").startswith("Organisme;Civilité;Prénom")
    assert "À corriger" in upload(organiser, template.data).get_data(as_text=True)


def test_hostile_cells_are_shown_as_text(organiser: PageClient, village: Village) -> None:
    hostile = GOOD + '<script>alert(1)</script>;Mme;"""><img src=x>";{{7*7}};a@b.example\n'
    page = upload(organiser, hostile).get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
