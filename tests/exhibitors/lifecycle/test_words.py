"""Each move has its French words: in the journal, and in a message that says what comes next."""

from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.rules.lifecycle import MOVES, ActorKind, Move
from salon.platform.settings.installation import ROOT

FOLDER = ROOT / "templates" / "mail"


def test_each_move_is_told_in_the_journal_and_by_a_message() -> None:
    for move in Move:
        assert ExhibitorAction(f"exhibitor.{move}").label
        text = (FOLDER / f"exhibitor_{move}.txt").read_text()
        assert text.startswith("Objet : ")
        assert "{{" not in text.split("\n")[0], "no text of a user in a subject"
        assert "{{ public_url }}" in text, "what to do next"


def test_a_reason_that_is_asked_for_is_sent() -> None:
    for move, arrow in MOVES.items():
        if arrow.needs_reason or (ActorKind.ORGANISER in arrow.actor_kinds):
            assert "{{ reason }}" in (FOLDER / f"exhibitor_{move}.txt").read_text(), move
