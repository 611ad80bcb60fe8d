"""Printing badges, one or all."""

import dataclasses
from pathlib import Path

import pytest
from flask import Flask

from salon.badges import jobs, queries, rules, services
from salon.badges.models import Printing, PrintRun
from salon.badges.models.badge_layouts import Layout
from salon.badges.queries import AttendeeFilter
from salon.fair.models import Edition
from salon.fair.queries import get_public_edition
from salon.platform.database.act import Act
from salon.platform.web.access import settings
from salon.platform.work.jobs import JobRun, lease_next
from tests.badges.people import (
    PUBLIC,
    all_of,
    make_person,
    register,
    register_one,
)
from tests.badges.registrations import NOW, ORGANISER
from tests.factories import act_in, new_key
from tests.jobs import run as run_jobs

PREFIX = "HTTPS://SALON.EXAMPLE/B/"

# Printing


@pytest.mark.on_both
def test_a_print_run_makes_its_file_and_records_each_badge(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    register(*[make_person() for _ in range(23)], contact="x@y.example")
    key = new_key()
    filters = AttendeeFilter(category="elected", printed="no")
    run = jobs.ask_print_run(act_in(get_public_edition(), ORGANISER, NOW), filters, Layout.A4, key)
    assert (
        jobs.ask_print_run(act_in(get_public_edition(), ORGANISER, NOW), filters, Layout.A4, key)
        == run
    )
    assert run_jobs(jobs.PRINT_RUNS, data=tmp_path) == 1
    done = queries.get_finished_run(run)
    assert (done.done, done.total) == (23, 23)
    content = (tmp_path / jobs.file_of(done)).read_bytes()
    assert content.startswith(b"%PDF")
    assert [printing.print_run_id for printing in all_of(Printing)] == [run] * 23
    assert queries.count_to_print(edition.id, filters) == 0
    assert run_jobs(jobs.PRINT_RUNS, data=tmp_path) == 0
    assert list((tmp_path / "print_runs").iterdir()) == [tmp_path / jobs.file_of(done)]


def test_the_progress_of_a_print_run_is_told_badge_by_badge(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    register(*[make_person() for _ in range(23)], contact="x@y.example")
    jobs.ask_print_run(
        act_in(get_public_edition(), ORGANISER, NOW), AttendeeFilter(), Layout.LABEL_62, new_key()
    )
    pairs: list[tuple[int, int]] = []

    class Watched(JobRun[PrintRun]):
        def report(self, **progress: int) -> None:
            pairs.append((progress["done"], progress["total"]))

    run = lease_next(jobs.PRINT_RUNS)
    assert run is not None
    used = dataclasses.replace(settings(), data=tmp_path)
    with Watched(jobs.PRINT_RUNS, run, used, lambda: False) as watched:
        jobs.PRINT_RUNS.make(run, watched)
    assert pairs == [(number, 23) for number in range(1, 24)]


@pytest.mark.on_both
def test_a_file_that_cannot_be_written_is_said_so(
    app: Flask, edition: Edition, tmp_path: Path
) -> None:
    register_one()
    jobs.ask_print_run(
        act_in(get_public_edition(), ORGANISER, NOW), AttendeeFilter(), Layout.A4, new_key()
    )
    (tmp_path / "print_runs").write_text("a file where a folder should be")
    run_jobs(jobs.PRINT_RUNS, data=tmp_path)
    assert all_of(PrintRun)[0].status == "failed"
    assert all_of(Printing) == []


def test_nothing_to_print_is_refused(edition: Edition) -> None:
    with pytest.raises(rules.NothingToPrint):
        jobs.ask_print_run(
            act_in(get_public_edition(), ORGANISER, NOW), AttendeeFilter(), Layout.A4, new_key()
        )


@pytest.mark.on_both
def test_the_desk_prints_and_records(edition: Edition) -> None:
    attendee = register_one()
    content = jobs.print_badge_now(Act(ORGANISER, NOW), attendee.id, Layout.LABEL_62, PREFIX)
    assert content.startswith(b"%PDF")
    assert [printing.printed_by for printing in queries.printings_of(attendee)] == ["Olivia"]


@pytest.mark.on_both
def test_the_file_of_all_badges(edition: Edition, tmp_path: Path) -> None:
    register(make_person(), make_person())
    services.cancel_attendee(Act(PUBLIC, NOW), register_one().id)
    path = tmp_path / "badges.pdf"
    assert jobs.write_badge_file(get_public_edition(), path, "a4", PREFIX, None, NOW) == 2
    assert jobs.write_badge_file(get_public_edition(), path, "62mm", PREFIX, 1, NOW) == 1
