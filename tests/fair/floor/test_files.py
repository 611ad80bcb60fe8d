"""The plan as a file: out, compared, in; what cannot be read or would not stand is refused."""

import io
import zipfile

from hypothesis import given
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from salon.fair.engine.layout import NewStand, placed
from salon.fair.imports.stands import (
    STAND_COLUMNS,
    read_stand_list,
    read_stands,
    stand_cells,
)
from salon.fair.models import Edition, Hall, StandCategory
from salon.platform.database.db import current_session
from salon.platform.database.journal import entries
from salon.platform.documents.spreadsheets.reader import MARK
from salon.platform.documents.spreadsheets.writer import csv_lines
from tests.exhibitors.make import make_hall
from tests.fair.floor.desk import ADDRESS, fields, hidden, numbers, plain, read_form, stand_of
from tests.pages import PageClient
from tests.platform.documents.spreadsheets.files import xlsx


def exported(client: PageClient) -> str:
    answer = client.get("/organisation/plan.csv")
    assert answer.mimetype == "text/csv"
    return answer.get_data(as_text=True)


def send_file(client: PageClient, content: str | bytes) -> TestResponse:
    token = client.token("/organisation/plan")
    sent = content.encode() if isinstance(content, str) else content
    file = (io.BytesIO(sent), "stands.csv")
    return client.post(
        "/organisation/plan/import",
        data={"csrf_token": token, "file": file},
        content_type="multipart/form-data",
    )


def confirm(client: PageClient, preview: TestResponse) -> TestResponse:
    names = ("csrf_token", "content", "versions")
    fields = {name: hidden(preview.text, name) for name in names}
    return client.post("/organisation/plan/import/confirmer", data=fields)


def test_what_is_exported_is_imported_as_it_was(organiser: PageClient, hall: Hall) -> None:
    text = exported(organiser)
    assert text.startswith(MARK + "hall;numero;x;y;largeur;profondeur;puissance;eau;accessible")
    assert "2;1;3;3;3;3;6;non;oui;standard" in text
    answer = send_file(organiser, text)
    assert answer.status_code == 200
    assert "Le fichier dit la même chose que le plan" in plain(answer)
    changed = text.replace(
        "2;3;9;3;3;3;6;non;oui;standard",
        "2;3;9;3;4,5;3;6;oui;non;nu\r\n2;9;20;9;3;3;0;non;oui;premium",
    )
    assert confirm(organiser, send_file(organiser, changed)).status_code == 302
    assert exported(organiser) == changed
    assert [row.action for row in current_session().scalars(entries("plan.imported"))] == [
        "plan.imported"
    ]


def test_a_preview_says_what_would_change_and_writes_nothing(
    organiser: PageClient, hall: Hall
) -> None:
    text = exported(organiser)
    changed = text.replace("2;3;9;3", "3;3;9,5;3").replace("2;1;3;3;3;3;6;non;oui;standard\r\n", "")
    page = plain(send_file(organiser, changed + "2;9;20;9;3;3;0;non;oui;nu\r\n"))
    assert "3 stands à changer" in page
    assert "hall 2 → 3 ; à l’ouest : 9 m → 9,5 m" in page
    assert "Supprimé" in page
    assert "Nouveau" in page
    assert numbers(hall) == ["1", "2", "3"]


WRONG_FILES = [
    ("2;3;9;3", "7;3;9;3", "stands.csv, ligne 4 : la colonne « hall »"),
    ("2;3;9;3", "2;2;9;3", "stands.csv, ligne 4 : « 2 » est déjà plus haut"),
    ("2;3;9;3", "2;3;neuf;3", "stands.csv, ligne 4 : la colonne « x » attend un nombre"),
    ("2;3;9;3", "2;3;inf;3", "stands.csv, ligne 4 : la colonne « x » attend une longueur"),
    ("2;3;9;3", "2;3;8;3", "Les stands 2 et 3 se recouvrent. (lignes 3 et 4)"),
    ("2;3;9;3", "2;3;39;3", "Le stand 3 dépasse du hall 2. (ligne 4)"),
    ("2;3;9;3", "2;=3+4;9;3", "n’est pas un numéro de stand"),
    ("numero", "nombre", "Il manque : numero."),
    (";oui;standard", ";peut-être;standard", "attend « oui » ou « non »"),
    ("2;3;9;3;3;3;6;non;oui;standard", "2;3;9", "stands.csv, ligne 4 : la colonne « y » est vide"),
    ("hall", '"hall\n', "Il manque : hall, numero"),
]


def test_a_file_is_refused_with_its_line_and_reason(organiser: PageClient, hall: Hall) -> None:
    text = exported(organiser)
    for old, new, sentence in WRONG_FILES:
        assert old in text
        answer = send_file(organiser, text.replace(old, new, 1))
        assert answer.status_code == 400, new
        assert sentence in plain(answer), new
        assert numbers(hall) == ["1", "2", "3"]


def test_a_file_that_is_no_text_or_no_file_is_refused(organiser: PageClient, hall: Hall) -> None:
    workbook = io.BytesIO()
    with zipfile.ZipFile(workbook, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/worksheets/sheet1.xml", "<worksheet/>" * 50)
    whole = exported(organiser)
    refused = [
        ("hall;numéro".encode("cp1252"), 400, "Il manque : x, y, largeur"),
        (workbook.getvalue(), 400, "Nous n’arrivons pas à ouvrir ce classeur"),
        (b"\x00" * 50, 400, "Ce fichier n’est pas un texte"),
        (
            whole.replace("2;1;", "2;1\x00;", 1).encode(),
            400,
            "Ce fichier n’est pas un texte",
        ),
        (whole.replace("2;1;", f"{'9' * 9000};1;", 1).encode(), 400, "« " + "9" * 40 + " »"),
        (whole.encode() + b"x" * 300_000, 400, "trop long pour un plan"),
    ]
    for content, status, sentence in refused:
        answer = send_file(organiser, content)
        assert (answer.status_code, sentence in plain(answer)) == (status, True), sentence
        assert "\x00" not in answer.text
    assert exported(organiser) == whole
    token = organiser.token("/organisation/plan")
    answer = organiser.post("/organisation/plan/import", data={"csrf_token": token})
    assert answer.status_code == 400
    assert "Choisissez le fichier" in plain(answer)
    for versions in ("", "[1]", "{", '{"2": "x"}'):
        fields = {"csrf_token": token, "content": "hall", "versions": versions}
        assert organiser.post("/organisation/plan/import/confirmer", data=fields).status_code == 400


def test_ten_megabytes_are_refused_unread(organiser: PageClient, hall: Hall) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    answer = organiser.post(
        "/organisation/plan/import",
        data=part + b"x" * 10_000_000 + b"\r\n--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert answer.status_code == 413
    assert numbers(hall) == ["1", "2", "3"]


def test_each_line_that_is_not_understood_is_said(organiser: PageClient, hall: Hall) -> None:
    text = exported(organiser).replace("2;1;3;3", "2;1;trois;3").replace("2;3;9;3", "8;3;9;3")
    page = plain(send_file(organiser, text))
    assert "stands.csv, ligne 2 : la colonne « x »" in page
    assert "stands.csv, ligne 4 : la colonne « hall »" in page
    assert "Comparer avec le plan" in page, "the file is chosen again on the same page"


def test_a_refused_line_is_corrected_on_the_page(organiser: PageClient, hall: Hall) -> None:
    rows = [line.split(";") for line in exported(organiser).lstrip(MARK).splitlines()]
    assert rows[3][2] == "9"
    rows[3][2] = "neuf"
    refused = send_file(organiser, xlsx(rows))
    assert (refused.status_code, 'name="cell-4-x" value="neuf"' in refused.text) == (400, True)
    names = ("csrf_token", "content", "versions")
    fields = {name: hidden(refused.text, name) for name in names}
    data = {**fields, "cell-4-x": "12,5"}
    preview = organiser.post("/organisation/plan/import/confirmer", data=data)
    assert "à l’ouest : 9 m → 12,5 m" in plain(preview)
    assert stand_of("3").x == 9
    assert confirm(organiser, preview).status_code == 302
    assert stand_of("3").x == 12.5


def test_a_file_that_drops_an_occupied_stand_is_refused_before_it_is_confirmed(
    organiser: PageClient, hall: Hall
) -> None:
    text = exported(organiser).replace("2;2;6;3;3;3;6;non;oui;standard\r\n", "")
    answer = send_file(organiser, text)
    assert answer.status_code == 409
    assert "Le stand 2 est occupé : libérez d’abord la place" in plain(answer)
    assert numbers(hall) == ["1", "2", "3"]


LENGTHS = st.integers(0, 10_000).map(lambda centimetres: centimetres / 100)
STANDS = st.builds(
    NewStand,
    number=st.from_regex(r"[A-Za-z0-9][A-Za-z0-9-]{0,7}", fullmatch=True),
    x=LENGTHS,
    y=LENGTHS,
    width=LENGTHS,
    depth=LENGTHS,
    power_kw=st.integers(0, 400),
    has_water=st.booleans(),
    is_accessible=st.booleans(),
    category=st.sampled_from(StandCategory),
)


PLANS = st.lists(
    st.tuples(st.sampled_from(["1A", "2"]), STANDS), unique_by=lambda item: item[1].number
)


@given(PLANS)
def test_any_plan_is_read_as_it_was_written(drawn: list[tuple[str, NewStand]]) -> None:
    text = "".join(csv_lines(STAND_COLUMNS, [stand_cells(*pair) for pair in drawn]))
    for saved in (text, text.replace("\r\n", "\n").removeprefix(MARK)):
        file = read_stands(read_stand_list(saved), ["1A", "2"])
        assert [(hall, item) for hall in ("1A", "2") for item in file.halls[hall]] == sorted(
            drawn, key=lambda item: item[0]
        )


def test_a_plan_as_full_as_allowed_goes_out_and_in_by_file_and_by_drawing(
    organiser: PageClient, edition: Edition
) -> None:
    """600 stands in a hall: what the forms carry is enough for it."""
    big = make_hall(edition, name="2", width=100, depth=190, area=19_000)
    full = [
        NewStand(f"N{row:02}-{place:02}", 3 + 3 * place, 3 + 9 * (row // 2) + 3 * (row % 2), 3, 3)
        for row in range(30)
        for place in range(20)
    ]
    text = "".join(csv_lines(STAND_COLUMNS, [stand_cells("2", stand) for stand in full]))
    assert confirm(organiser, send_file(organiser, text)).status_code == 302
    assert exported(organiser) == text
    fields = read_form(organiser)
    fields["layout"] = fields["layout"].replace('"x": 3.0', '"x": 3.5')
    assert organiser.post(ADDRESS, data=fields).status_code == 400, "understood, and it overlaps"
    assert len(placed(big.stands)) == 600


def test_a_file_compared_with_an_old_plan_is_compared_again(
    organiser: PageClient, hall: Hall
) -> None:
    changed = exported(organiser).replace("2;3;9;3", "2;3;9;4", 1)
    preview = send_file(organiser, changed)
    stand = stand_of("1")
    organiser.fill(f"{ADDRESS}/stands/{stand.id}", **fields(stand, power_kw="9"))
    answer = confirm(organiser, preview)
    assert answer.status_code == 409
    assert "Le plan a changé entre-temps" in plain(answer)
    assert "électricité : 9 kW → 6 kW" in plain(answer)
    assert stand_of("3").y == 3
    assert confirm(organiser, answer).status_code == 302
    assert stand_of("3").y == 4
