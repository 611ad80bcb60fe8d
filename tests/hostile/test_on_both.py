"""Addresses that nobody types by accident: a clear refusal on both databases, never a 500."""

from flask import Flask

from salon.exhibitors.models import ApplicationStatus, Exhibitor
from salon.fair.models import Edition
from salon.platform.database.db import current_session
from salon.platform.database.identity import Role
from tests.exhibitors.make import make_exhibitor
from tests.factories import make_station_token, sign_in
from tests.pages import PageClient

HUGE = "99999999999999999999"


PUBLIC = (
    "/badge/%00",
    "/badge/" + "x" * 5000,
    "/badge/%ED%A0%80",
    "/B/%FF",
    "/B/" + "A" * 27,
    "/village/%00",
    "/inscription/dossier/%00",
    "/scanner/enrolement/%00",
    "/connexion/premiere/%00",
    "/communes.json?q=%00",
    "/connexion?next=%00",
    "/static/%00",
)
OF_ORGANISERS = (
    f"/organisation/participants/{HUGE}",
    f"/organisation/participants/{HUGE}/donnees",
    f"/organisation/badges/{HUGE}",
    f"/organisation/courriels/{HUGE}",
    f"/organisation/stations/{HUGE}",
    f"/organisation/a-verifier/{HUGE}",
    f"/organisation/a-verifier?page={HUGE}&kind=%00&state=%00",
    f"/organisation/zones/{HUGE}",
    f"/organisation/zones/portes/{HUGE}",
    "/organisation/zones/portes/nouvelle?zone=%00",
    "/organisation/participants/0",
    f"/organisation/participants?page={HUGE}",
    "/organisation/participants?page=-1",
    "/organisation/participants?q=%00&category=%00&epci=%00",
    "/organisation/participants?q=%25_%27--",
    "/organisation/participants?commune=" + "x" * 5000,
    f"/organisation/journal?page={HUGE}",
    "/organisation/journal?action=%00&subject=%00&actor=%00",
    "/organisation/courriels?status=inconnu&q=%00",
    f"/organisation/courriels?page={HUGE}",
    "/organisation/badges?category=inconnu&layout=inconnu",
    "/accueil?q=%00&format=inconnu",
    "/organisation/participants.csv?category=%00",
    f"/organisation/documents?exhibitor={2**31}",
    f"/organisation/documents?exhibitor={HUGE}",
    "/organisation/placement?given=-1",
    f"/organisation/placement?given={2**31}",
    f"/organisation/placement?given={HUGE}",
    f"/accueil?pret={2**31}",
    f"/accueil?pret={HUGE}",
)


def test_odd_public_addresses_are_refused(client: PageClient, edition: Edition) -> None:
    for path in PUBLIC:
        with client.get(path) as answer:
            assert answer.status_code in (200, 400, 404, 410), path
            assert "Traceback" not in answer.get_data(as_text=True), path


def test_odd_addresses_of_organisers_are_refused(app: Flask, edition: Edition) -> None:
    client = sign_in(app, Role.ORGANISER)
    for path in OF_ORGANISERS:
        assert client.get(path).status_code in (200, 400, 404), path


def test_a_decision_on_a_row_that_no_table_holds_leaves_it_out(
    app: Flask, edition: Edition
) -> None:
    exhibitor = make_exhibitor(edition, status=ApplicationStatus.SUBMITTED)
    client = sign_in(app, Role.ORGANISER)
    path = f"/organisation/exposants/ensemble?move=accept&row={exhibitor.id}"
    rows = {exhibitor.id: exhibitor.version, 2**31: 1, 2**53: 1}
    fields = {f"version-{row}": str(version) for row, version in rows.items()}
    answer = client.fill(path, path.partition("?")[0], move="accept", **fields)
    assert answer.status_code == 200
    current_session().expire_all()
    assert current_session().get_one(Exhibitor, exhibitor.id).status == ApplicationStatus.ACCEPTED


def test_an_odd_search_of_a_station_is_refused(client: PageClient, edition: Edition) -> None:
    token = make_station_token(edition)
    for text in ("%00%00abc", "x" * 5000, "%25%25%25", "'OR1=1--"):
        headers = {"Authorization": f"Bearer {token}"}
        answer = client.get(f"/api/v1/attendees?q={text}", headers=headers)
        assert answer.status_code in (200, 400)
