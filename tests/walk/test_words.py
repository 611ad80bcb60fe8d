"""The glossary's table of states is that of the code."""

from datetime import UTC, datetime

from salon.appointments.models.states import AppointmentState
from salon.badges.models import AttendeeStatus
from salon.entrance.rules.stations import StationState
from salon.staffing.models import Agent, Shift
from salon.village_day.presenters.day_lines import AgentLine
from salon.village_day.rules.day import Presence
from tests.walk.words import states_said, table

TEN = datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_each_state_has_its_row_and_its_word() -> None:
    rows = {(row.about, row.state): row for row in table()}
    expected: dict[tuple[str, str], str] = {
        **{("rendez-vous", state.value): state.label for state in AppointmentState},
        **{("personne", status.value): status.label for status in AttendeeStatus},
        **{("station", state.value): state.label for state in StationState},
    }
    shift = Shift(starts_at=TEN, ends_at=TEN, agent=Agent(civility="monsieur"))
    for presence in Presence:
        line = AgentLine(shift, presence, TEN, True, True, False)
        row = rows["vacation", presence.value]
        assert {presence.value} in [set(said) for said in states_said(line.word, "vacation")], row
        expected["vacation", presence.value] = row.word
    assert {key: row.word for key, row in rows.items()} == expected
    visitor_words = {row.state: row.visitor_word for row in table() if row.about == "rendez-vous"}
    assert visitor_words == {state.value: state.visitor_label for state in AppointmentState}
