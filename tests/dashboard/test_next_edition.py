"""The next edition, prepared from the last one while the last one lives on."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from salon.dashboard.services.edition_folder import load_folder
from salon.dashboard.services.next_edition import NextEdition, prepare_next_edition
from salon.entrance.models import KeptFigure
from salon.exhibitors.queries.exhibitors import find_terms
from salon.fair import queries
from salon.fair.models import Edition, EditionState, Zone, ZoneHours, ZoneKind
from salon.fair.services import open_edition
from salon.fair.services.files import add_file
from salon.platform.database.act import Act
from salon.platform.database.consequences import Standing
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.files.uploads import SentFile
from salon.platform.settings.clock import local, now
from salon.platform.settings.installation import ROOT
from salon.platform.web.access import settings
from salon.staffing.queries.agents import agents_of
from salon.staffing.queries.rota import needs_of
from tests.appointments.queue.made_visits import receive
from tests.exhibitor_space.made import pdf
from tests.factories import act_in, new_key, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.staffing.make import Village, make_agent

PAGE = "/organisation/reglages/editions/2021/suivante"
FIRST_DAY = date(2150, 4, 2)
"""After the change of the clocks: hours stay those of the clock."""


@pytest.fixture
def past(app: Flask) -> Edition:
    edition = load_folder(Act(SYSTEM), ROOT / "seed_data" / "2021").edition
    open_edition(Act(SYSTEM), edition.id)
    return edition


@pytest.fixture
def organiser(app: Flask, past: Edition) -> PageClient:
    return sign_in(app, Role.ORGANISER)


def prepared(past: Edition) -> Edition:
    choice = NextEdition("2150", "Le salon 2150", "Salon 2150", FIRST_DAY)
    return prepare_next_edition(act_in(past, SYSTEM), choice, settings().file_store)


@pytest.mark.on_both
def test_every_date_moves_by_as_many_days_and_hours_stay_on_the_clock(past: Edition) -> None:
    fairs = select(Zone).where(Zone.kind == ZoneKind.FAIR).order_by(Zone.id)
    with transaction(past) as session:
        past.standing = Standing.CANCELLED
        closes_at = past.days[0].closes_at
        session.scalars(fairs).one().later_hours = [ZoneHours(closes_at + timedelta(days=1))]
    following = prepared(past)
    assert following.standing == Standing.AS_PLANNED
    moved_by = FIRST_DAY - past.days[0].day_on
    assert following.state == EditionState.DRAFT
    assert [day.day_on for day in following.days] == [FIRST_DAY]
    moments = [
        *[(edition.registration_opens_at) for edition in (past, following)],
        *[zone.later_hours[0].opens_at for zone in current_session().scalars(fairs)],
        *[queries.all_programme_of(edition)[-1].ends_at for edition in (past, following)],
        *[next(iter(needs_of(edition).values()))[0].starts_at for edition in (past, following)],
    ]
    for before, after in zip(moments[::2], moments[1::2], strict=True):
        assert local(after).replace(tzinfo=None) - local(before).replace(tzinfo=None) == moved_by
    terms, next_terms = find_terms(past), find_terms(following)
    assert terms is not None
    assert next_terms is not None
    assert next_terms.answer_by_on - terms.answer_by_on == moved_by
    for task, day in terms.deadlines.items():
        assert date.fromisoformat(next_terms.deadlines[task]) - date.fromisoformat(day) == moved_by
    assert len(queries.stands_on_plan(following)) == len(queries.stands_on_plan(past))


def test_an_organiser_prepares_the_next_edition_then_sees_what_to_look_at_again(
    organiser: PageClient, past: Edition
) -> None:
    editions = organiser.get("/organisation/reglages/editions")
    assert PAGE in editions.text
    values = fields_of(organiser.get(PAGE).text)
    assert values["first_day"] == str(past.days[0].day_on + timedelta(weeks=52))
    answer = organiser.post(PAGE, data={**values, "slug": "2022"})
    assert answer.location == "/e/2022/organisation/reglages/a-revoir"
    review = organiser.get(answer.location)
    words = text_of(review)
    assert "Dates et règlement" in words
    assert "encore 2021" in words
    assert "/e/2022/organisation/reglages/jours" in review.text
    assert 'href="/organisation/village/agents"' in review.text
    assert organiser.get("/organisation/reglages/a-revoir").status_code == 200
    assert queries.get_public_edition().slug == "2021"


def test_talks_taken_over_stay_drafts_on_the_new_dates_until_they_are_read_again(
    app: Flask, organiser: PageClient, past: Edition
) -> None:
    talk = queries.programme_of(past)[1]
    with transaction(talk):
        talk.speakers = [{"name": "Mme Claire Roux", "role": "notaire"}]
    store = settings().file_store
    add_file(Act(SYSTEM), talk, "Le support", SentFile(pdf(), "support.pdf"), store, new_key())
    following = prepared(past)
    assert queries.programme_of(following) == []
    drafts = queries.all_programme_of(following)
    assert [item.title for item in drafts] == [item.title for item in queries.programme_of(past)]
    review = text_of(organiser.get("/e/2150/organisation/reglages/a-revoir"))
    assert "Programme repris, en brouillon" in review
    assert "Mme Claire Roux" in review
    open_edition(Act(SYSTEM), following.id)
    public = app.test_client()
    (copy,) = drafts[1].files
    titles = {item.title for item in drafts} - {"Ouverture du salon"}

    def shown() -> set[str]:
        pages = "".join(text_of(public.get(path)) for path in ("/programme", "/"))
        return {title for title in titles if title.replace("\xa0", " ") in pages}

    assert shown() == set()
    assert "Claire Roux" not in public.get("/programme").text
    assert public.get(f"/documents/{copy.id}").status_code == 404
    page = "/organisation/reglages/programme"
    assert f"{len(drafts)} moments en brouillon" in text_of(organiser.get(page))
    fields = fields_of(organiser.get(f"{page}/{drafts[0].id}").text)
    assert fields["is_draft"] == "y"
    assert "moments en brouillon" in text_of(organiser.get("/organisation"))
    organiser.fill(page, f"{page}/publier")
    assert shown() == titles
    assert "Claire Roux" in public.get("/programme").text
    assert public.get(f"/documents/{copy.id}").status_code == 200
    assert "en brouillon" not in text_of(organiser.get(page))


def test_agents_who_agreed_are_taken_over_at_once_or_from_what_to_look_at_again(
    organiser: PageClient, past: Edition
) -> None:
    bodies = {body.short_name: body for body in queries.bodies_of(past)}
    themes = {theme.body.short_name: theme for theme in queries.themes_of(past)}
    village, body = Village(past, bodies, themes), next(iter(bodies))
    make_agent(village, body=body, name="Agnès Roux", account=True, next_edition_agreed_at=now())
    late = make_agent(village, body=body, name="Bruno Vidal", account=True)
    assert "(1 à ce jour)" in text_of(organiser.get(PAGE))
    following = prepared(past)
    assert [agent.full_name for agent in agents_of(following)] == ["Agnès Roux"]
    review = "/e/2150/organisation/reglages/a-revoir"
    assert "Reprendre" not in text_of(organiser.get(review))
    with transaction(late):
        late.next_edition_agreed_at = now()
    assert "Reprendre 1 agent qui a accepté" in text_of(organiser.get(review))
    organiser.fill(review, f"{review}/agents")
    assert len(agents_of(following)) == 2


def test_what_was_measured_is_where_the_next_edition_starts(
    organiser: PageClient, past: Edition
) -> None:
    body = queries.bodies_of(past)[0]
    need = next(need for need in needs_of(past)[body.stand_id] if local(need.starts_at).hour == 10)
    most = max(need.maximum, need.wished + 1)
    visit = (need.starts_at, need.starts_at + timedelta(minutes=30))
    early = prepared(past)
    receive(body.stand, *[visit] * most)
    with transaction() as session:
        label = past.days[0].opens_at.isoformat()
        figure = {"kind": "quarter", "label": label, "value": 30}
        session.add(KeptFigure(edition_id=past.id, **figure))
    review = "/e/2150/organisation/reglages/a-revoir"
    words = text_of(organiser.get(review))
    assert f"Mesuré en 2021 : {most} visites" in words
    assert f"Souhaités à cette heure : {need.wished}." in words
    assert "30 entrées" in words
    organiser.fill(review, f"{review}/besoins")
    assert f"Souhaités à cette heure : {most}." in text_of(organiser.get(review))
    stand_id = queries.bodies_of(early)[0].stand_id
    raised = [need.wished for need in needs_of(early)[stand_id] if need.wished == most]
    assert len(raised) >= 1
    choice = NextEdition("2151", "Le salon 2151", "Salon 2151", FIRST_DAY + timedelta(weeks=52))
    late = prepare_next_edition(act_in(past, SYSTEM), choice, settings().file_store)
    wished = [need.wished for need in needs_of(late)[queries.bodies_of(late)[0].stand_id]]
    assert max(wished) >= most


def test_what_cannot_be_taken_over_leaves_no_half_of_an_edition(past: Edition) -> None:
    """The database refuses the first agent, as a power cut would: the edition is not there."""
    body = queries.bodies_of(past)[0]
    village = Village(past, {"Département": body}, {"Département": body.themes[0]})
    make_agent(village, name="Agnès Roux", account=True, next_edition_agreed_at=now())
    with transaction() as session:
        session.execute(
            text(
                "CREATE TRIGGER refused BEFORE INSERT ON agents "
                "BEGIN SELECT RAISE(ABORT, 'no agent'); END"
            )
        )
    with pytest.raises(IntegrityError, match="no agent"):
        prepared(past)
    assert [edition.slug for edition in queries.editions()] == [past.slug]
    with transaction() as session:
        session.execute(text("DROP TRIGGER refused"))
    assert len(agents_of(prepared(past))) == 1


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"first_day": "2021-10-01"}, 400, "doit venir après"),
        ({"slug": "2021"}, 409, "déjà dans la base"),
        ({"slug": "L’an prochain"}, 400, "minuscules"),
        ({"first_day": ""}, 400, "premier jour"),
    ],
)
def test_what_cannot_be_prepared_is_said_and_nothing_is_written(
    organiser: PageClient, past: Edition, changes: dict[str, str], status: int, words: str
) -> None:
    values = fields_of(organiser.get(PAGE).text)
    answer = organiser.post(PAGE, data={**values, **changes})
    assert answer.status_code == status
    assert words in text_of(answer)
    assert len(queries.editions()) == 1
