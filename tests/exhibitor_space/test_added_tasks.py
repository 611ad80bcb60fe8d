"""Tasks that the organisers add: asked, answered, recalled, followed, moved with the days."""

import io
import re
from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from salon.dashboard.services.edition_folder import load_folder, write_folder
from salon.exhibitor_space.rules import (
    MOST_TASKS,
    TaskAfterFair,
    TaskAnswered,
    TaskWithdrawn,
    TooManyTasks,
)
from salon.exhibitor_space.services import tasks as services
from salon.exhibitor_space.services.reminders import post_reminders
from salon.exhibitors.models import AddedTask, AnswerKind, Exhibitor, TaskAnswer
from salon.exhibitors.queries.exhibitors import terms_of
from salon.fair.models import Edition, EditionDay, StandCategory
from salon.fair.services import days as day_services
from salon.fair.services.days import DayHours
from salon.platform.database.act import Act
from salon.platform.database.db import current_session, transaction
from salon.platform.database.identity import SYSTEM, Role
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.settings.clock import local, now, paris
from salon.platform.web.access import settings
from salon.platform.words.errors import RuleBroken
from tests.exhibitor_space.made import pdf
from tests.exhibitor_space.pages import address, documents
from tests.exhibitor_space.records import BY, NOW, accepted, actions, mails
from tests.exhibitors.make import make_exhibitor, make_hall, make_stand
from tests.factories import act_in, new_key, sign_in
from tests.fair.test_practical import fields_of, text_of
from tests.pages import PageClient
from tests.races import race

PLACE = "/organisation/reglages/exposants/taches"


def values(edition: Edition, **changes: Any) -> dict[str, Any]:
    defaults = {
        "title": "Nombre de paniers-repas",
        "explanation": "Le jour du salon, **à midi**.",
        "due_on": edition.days[0].day_on - timedelta(days=20),
        "stand_category": None,
        "expects": AnswerKind.TEXT,
        "place": 1,
    }
    return defaults | changes


def make_task(edition: Edition, **changes: Any) -> AddedTask:
    terms = terms_of(edition)
    return services.add_task(act_in(edition, SYSTEM), terms, values(edition, **changes), new_key())


def answer(exhibitor: Exhibitor, task: AddedTask, text: str | None) -> None:
    stamp = stamp_of(services.answer_values(exhibitor, task))
    services.give_answer(Act(BY, NOW), exhibitor, task, text, stamp)


def titles(edition: Edition) -> list[str]:
    current_session().expire_all()
    return [task.title for task in terms_of(edition).live_tasks]


@pytest.mark.on_both
def test_tasks_are_added_ordered_withdrawn_and_asked_again(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    key = new_key()
    first = services.add_task(act_in(edition, SYSTEM), terms_of(edition), values(edition), key)
    assert (
        services.add_task(act_in(edition, SYSTEM), terms_of(edition), values(edition), key).id
        == first.id
    )
    second = make_task(edition, title="Charte à lire", expects=AnswerKind.TICK)
    assert titles(edition) == ["Charte à lire", "Nombre de paniers-repas"]
    stamp = stamp_of(services.task_values(second))
    services.change_task(
        act_in(edition, SYSTEM), second, values(edition, title="Charte", place=2), stamp
    )
    assert titles(edition) == ["Nombre de paniers-repas", "Charte"]
    with pytest.raises(StaleVersion):
        services.withdraw_task(act_in(edition, SYSTEM), second, stamp)
    services.withdraw_task(act_in(edition, SYSTEM), first, stamp_of(services.task_values(first)))
    assert titles(edition) == ["Charte"]
    services.restore_task(act_in(edition, SYSTEM), first, stamp_of(services.task_values(first)))
    assert titles(edition) == ["Charte", "Nombre de paniers-repas"]
    assert [action.partition(".")[2] for action in actions()[-5:]] == [
        *("added", "added", "changed", "withdrawn", "restored")
    ]


def test_what_cannot_be_asked_is_refused(edition: Edition, exhibitor: Exhibitor) -> None:
    def refused(error: type[RuleBroken], act: Callable[[], object]) -> None:
        with pytest.raises(error):
            act()

    first = edition.days[0]
    with transaction() as session:
        day_after = first.day_on + timedelta(days=1)
        session.add(
            EditionDay(edition_id=edition.id, day_on=day_after, opens=time(9), closes=time(17))
        )
    refused(TaskAfterFair, lambda: make_task(edition, due_on=first.day_on))
    task = make_task(edition)
    answer(exhibitor, task, "12")
    stamp = stamp_of(services.task_values(task))
    changes = values(edition, expects=AnswerKind.TICK)
    refused(
        TaskAnswered, lambda: services.change_task(act_in(edition, SYSTEM), task, changes, stamp)
    )
    for number in range(MOST_TASKS - 1):
        make_task(edition, title=f"Tâche {number}")
    refused(TooManyTasks, lambda: make_task(edition))
    stamp = stamp_of(services.task_values(task))
    services.withdraw_task(act_in(edition, SYSTEM), task, stamp)
    refused(TaskWithdrawn, lambda: answer(exhibitor, task, "13"))


@pytest.mark.on_both
def test_two_contacts_answer_at_once_and_one_of_them_reads_again(
    app: Flask, edition: Edition, exhibitor: Exhibitor
) -> None:
    task = make_task(edition)
    ids, stamp = (exhibitor.id, task.id), stamp_of(services.answer_values(exhibitor, task))

    def give(text: str) -> Callable[[], str]:
        def call() -> str:
            row = current_session().get_one(Exhibitor, ids[0])
            task_row = current_session().get_one(AddedTask, ids[1])
            try:
                services.give_answer(Act(BY, NOW), row, task_row, text, stamp)
            except StaleVersion:
                return "stale"
            return "saved"

        return call

    assert sorted(race(app, [give("10"), give("12")])) == ["saved", "stale"]
    assert len(current_session().scalars(select(TaskAnswer)).all()) == 1


def test_an_exhibitor_answers_in_its_space_and_changes_its_mind(
    elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    meals = make_task(edition)
    charter = make_task(edition, title="Charte à lire", expects=AnswerKind.TICK, place=2)
    space = elise.get(address(exhibitor))
    path = address(exhibitor, f"/taches/{meals.id}")
    assert f'href="{path}"' in space.text
    page = elise.get(path)
    assert "<strong>à midi</strong>" in page.text
    answer = elise.post(path, data=fields_of(page.text) | {"text": "12 paniers"})
    assert answer.status_code == 302
    assert "c’est enregistré" in text_of(elise.get(answer.location))
    stale = elise.post(path, data=fields_of(page.text) | {"text": "13"})
    assert stale.status_code == 409
    assert "12 paniers" in stale.text
    elise.post(path, data=fields_of(elise.get(path).text) | {"text": ""})
    tick = address(exhibitor, f"/taches/{charter.id}")
    elise.post(tick, data=fields_of(elise.get(tick).text) | {"is_done": "y"})
    current_session().rollback()
    assert [(row.task_id, row.text) for row in current_session().scalars(select(TaskAnswer))] == [
        (charter.id, "")
    ]
    ticked = fields_of(elise.get(tick).text)
    ticked.pop("is_done")
    elise.post(tick, data=ticked)
    current_session().rollback()
    assert not current_session().scalars(select(TaskAnswer)).all()


def test_a_document_goes_by_the_way_of_the_others(
    elise: PageClient, organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    task = make_task(edition, title="Plan de votre stand", expects=AnswerKind.DOCUMENT)
    path = address(exhibitor, f"/taches/{task.id}")
    page = elise.get(path)
    action = re.search(r'<form[^>]*action="([^"]+)"[^>]*enctype', page.text)
    assert action is not None
    fields: dict[str, Any] = fields_of(page.text)
    wrong = elise.post(action[1], data=fields | {"file": (io.BytesIO(b"MZ"), "plan.pdf")})
    assert wrong.status_code == 400
    answer = elise.post(action[1], data=fields | {"file": (io.BytesIO(pdf()), "plan.pdf")})
    assert answer.status_code == 302
    [document] = documents()
    assert (document.task_id, document.label) == (task.id, "Plan de votre stand")
    assert "Envoyé, à vérifier" in text_of(elise.get(path))
    review = f"/organisation/documents/{document.id}"
    assert "Plan de votre stand" in text_of(organiser.get(review))
    organiser.post(
        review, data=fields_of(organiser.get(review).text) | {"answer": "accepted", "reason": ""}
    )
    assert mails("document_accepted")[0].context["document"] == "Plan de votre stand"
    assert "Fait" in text_of(elise.get(path))
    assert elise.post(path, data=fields).status_code == 404


def test_a_task_is_for_those_whom_it_concerns(
    app: Flask, elise: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    bare = make_stand(make_hall(edition, name="9"), number="90", category=StandCategory.BARE)
    other_exhibitor = make_exhibitor(edition, email="nu@exposant.example", stand=bare)
    task = make_task(edition, stand_category=StandCategory.BARE)
    stranger = sign_in(app, Role.EXHIBITOR, "nu@exposant.example")
    assert elise.get(address(exhibitor, f"/taches/{task.id}")).status_code == 404
    assert task.title not in text_of(elise.get(address(exhibitor)))
    assert stranger.get(address(other_exhibitor, f"/taches/{task.id}")).status_code == 200
    assert elise.get(address(other_exhibitor, f"/taches/{task.id}")).status_code == 404
    services.withdraw_task(act_in(edition, SYSTEM), task, stamp_of(services.task_values(task)))
    assert stranger.get(address(other_exhibitor, f"/taches/{task.id}")).status_code == 404


def test_the_late_are_seen_and_recalled(autumn: Edition) -> None:
    day = date(2026, 9, 10)
    make_task(autumn, due_on=day)
    done, late = accepted(autumn, name="A", email="a@x.example"), accepted(autumn, name="B")
    task = terms_of(autumn).live_tasks[0]
    answer(done, task, "3")
    assert post_reminders(paris(day + timedelta(days=1), time(9))) == 2
    recalled = [
        [line["label"] for line in message.context["tasks"] if line["late"]]
        for message in mails("exhibitor_reminder")
    ]
    assert recalled == [[], ["Nombre de paniers-repas"]]
    assert late.id


def test_organisers_write_a_task_and_follow_its_answers(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    assert "Aucune pour l’instant" in text_of(organiser.get(PLACE))
    fields = fields_of(organiser.get(f"{PLACE}/nouvelle").text)
    fields |= {
        **{"title": "Transporteur", "explanation": "- son *nom*\n- son heure"},
        **{"due_on": str(edition.days[0].day_on - timedelta(days=1)), "stand_category": ""},
        "expects": "text",
    }
    preview = organiser.post(f"{PLACE}/nouvelle", data=fields | {"preview": "1"})
    assert "<em>nom</em>" in preview.text
    assert titles(edition) == []
    late = {"due_on": str(edition.days[0].day_on)}
    assert organiser.post(f"{PLACE}/nouvelle", data=fields | late).status_code == 400
    assert organiser.post(f"{PLACE}/nouvelle", data=fields | {"expects": "?"}).status_code == 400
    assert organiser.post(f"{PLACE}/nouvelle", data=fields).status_code == 302
    [task] = terms_of(edition).live_tasks
    answer(exhibitor, task, "Transports Martin")
    answers = organiser.get(f"/organisation/exposants/taches/{task.id}")
    assert "1 sur 1 exposant concerné l’a fait" in text_of(answers)
    assert "Transports Martin" in text_of(answers)
    table = organiser.get(f"/organisation/exposants/taches/{task.id}.csv")
    assert "Transports Martin" in table.get_data(as_text=True)
    followed = organiser.get(f"/organisation/exposants/retards?task={task.value}&show=all")
    assert "Transporteur" in text_of(followed)
    assert "1 ajoutée" in text_of(organiser.get("/organisation/reglages"))


def test_a_task_is_withdrawn_after_a_question_and_asked_again(
    organiser: PageClient, exhibitor: Exhibitor, edition: Edition
) -> None:
    task = make_task(edition)
    answer(exhibitor, task, "4")
    path = f"{PLACE}/{task.id}"
    form = re.search(r'action="[^"]*/retirer">(.*?)</form>', organiser.get(path).text, re.DOTALL)
    assert form is not None
    question = organiser.post(f"{path}/retirer", data=fields_of(form[1]))
    assert "1 réponse reçue reste lisible" in text_of(question)
    assert titles(edition) == [task.title]
    organiser.confirm(question)
    assert titles(edition) == []
    settings_page = organiser.get(PLACE)
    reopen_form = re.search(
        r'action="[^"]*/redemander">(.*?)</form>', settings_page.text, re.DOTALL
    )
    assert reopen_form is not None
    organiser.post(f"{path}/redemander", data=fields_of(reopen_form[1]))
    assert titles(edition) == [task.title]
    assert organiser.post(f"{path}/redemander", data=fields_of(reopen_form[1])).status_code == 409


def test_dates_of_applications_follow_the_fair_and_none_is_after_it(
    edition: Edition, exhibitor: Exhibitor
) -> None:
    terms = terms_of(edition)
    task = make_task(edition)

    def move(days: int) -> None:
        hours = [
            DayHours(row.day_on + timedelta(days=days), row.opens, row.closes)
            for row in edition.days
        ]
        stamp = stamp_of(day_services.days_of(edition))
        day_services.change_days(act_in(edition, SYSTEM), {"days": hours, "words": ""}, stamp)
        for row in (terms, task, edition):
            current_session().refresh(row)

    move(30)
    first_day = edition.days[0].day_on
    with transaction(terms, task):
        terms.applications_close_at = edition.starts_at - timedelta(days=9)
        terms.answer_by_on = first_day - timedelta(days=2)
        task.due_on = first_day - timedelta(days=1)
    move(7)
    assert terms.applications_close_at == edition.starts_at - timedelta(days=9)
    assert terms.answer_by_on == first_day + timedelta(days=5)
    soon = (local(now()).date() - edition.days[0].day_on).days + 2
    move(soon)
    fair_on = edition.days[0].day_on
    assert fair_on == local(now()).date() + timedelta(days=2)
    days = (local(terms.applications_close_at).date(), terms.answer_by_on, task.due_on)
    assert all(local(now()).date() <= day < fair_on for day in days), days


@pytest.mark.on_both
def test_tasks_go_with_the_folder_of_the_edition_and_move_with_its_days(
    edition: Edition, exhibitor: Exhibitor, tmp_path: Any
) -> None:
    eve = edition.days[0].day_on - timedelta(days=1)
    task = make_task(
        edition, stand_category=StandCategory.BARE, expects=AnswerKind.DOCUMENT, due_on=eve
    )
    withdrawn_task = make_task(edition, title="Retirée")
    services.withdraw_task(
        act_in(edition, SYSTEM), withdrawn_task, stamp_of(services.task_values(withdrawn_task))
    )
    week = timedelta(days=7)
    days = [DayHours(row.day_on + week, row.opens, row.closes) for row in edition.days]
    stamp = stamp_of(day_services.days_of(edition))
    consequences = day_services.change_days(
        act_in(edition, SYSTEM), {"days": days, "words": ""}, stamp
    )
    assert task.title in [name for fate in consequences for name in fate.names]
    current_session().refresh(task)
    assert task.due_on == eve + week
    folder = tmp_path / "edition"
    write_folder(edition, folder, settings().file_store)
    path = folder / "edition.toml"
    path.write_text(path.read_text().replace(f'"{edition.slug}"', '"copie"', 1))
    [copy] = terms_of(load_folder(Act(SYSTEM), folder).edition).live_tasks
    assert services.task_values(copy) == services.task_values(task)
    (folder / "exhibitors.toml").write_text(
        (folder / "exhibitors.toml").read_text().replace('attend = "document"', 'attend = "quoi"')
    )
    path.write_text(path.read_text().replace('"copie"', '"autre"', 1))
    with pytest.raises(RuleBroken, match="case ou texte ou document"):
        load_folder(Act(SYSTEM), folder)
