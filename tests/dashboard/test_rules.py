"""Rules and words of the dashboard, without a database."""

from datetime import UTC, datetime, timedelta

import pytest

from salon.dashboard import presenters, rules
from salon.platform.documents.spreadsheets.writer import csv_lines

NOON = datetime(2021, 10, 1, 10, tzinfo=UTC)


def test_a_person_is_erased_once() -> None:
    rules.check_is_not_erased("a@b.example", "vidal camille")
    rules.check_is_not_erased("", "vidal camille")
    with pytest.raises(rules.AlreadyErased):
        rules.check_is_not_erased("", "")


@pytest.mark.parametrize(
    ("leases", "why"),
    [
        ([], "nothing prints"),
        ([None], "the run waits for a worker"),
        ([NOON], "the worker died: its lease is over"),
    ],
)
def test_a_person_may_be_erased(leases: list[datetime | None], why: str) -> None:
    rules.check_nothing_prints(leases, NOON)


def test_a_person_is_not_erased_while_a_worker_prints() -> None:
    with pytest.raises(rules.PrintingUnderWay):
        rules.check_nothing_prints([None, NOON + timedelta(seconds=1)], NOON)


def test_a_message_without_address_cannot_leave() -> None:
    rules.check_has_words("a@b.example")
    with pytest.raises(rules.MessageErased):
        rules.check_has_words("")


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("Inscrit 12", "attendee:12"),
        ("inscrit n° 12", "attendee:12"),
        ("Badge 3", "badge:3"),
        ("attendee:12", "attendee:12"),
        ("Autre 12", "Autre 12"),
        ("", ""),
    ],
)
def test_a_subject_is_understood_in_french(typed: str, subject: str) -> None:
    assert presenters.read_subject(typed) == subject


def test_subjects_read_in_french() -> None:
    assert presenters.subject_label("attendee:12") == "Inscrit n°\u00a012"
    assert presenters.subject_label("table:scans") == "table:scans"


def test_no_cell_of_a_file_is_a_formula() -> None:
    hostile = ["=1+1", "+33612345678", "-2", "@SUM(1)", "\t=1", '=HYPERLINK("x")', 'été; "x"']
    text = "".join(csv_lines(["Nom"], ([text] for text in hostile)))
    assert text.startswith("\ufeffNom\r\n'=1+1\r\n'+33612345678\r\n'-2\r\n'@SUM(1)\r\n")
    assert '"été; ""x"""' in text
