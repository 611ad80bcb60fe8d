"""The journal speaks French: each action and each field that the code writes has its words."""

import ast
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from salon.appointments.actions import AppointmentAction
from salon.appointments.rules.queue import Gesture
from salon.billing.actions import BillingAction
from salon.billing.models import SalesKind
from salon.dashboard.presenters.fields import COLUMNS
from salon.dashboard.presenters.journal import INTERNAL, detail_lines
from salon.duplicates.actions import DuplicateAction
from salon.duplicates.services.pairs import NAMES
from salon.exhibitor_space.actions import SpaceAction
from salon.exhibitors.actions import ExhibitorAction
from salon.exhibitors.models import DocumentStatus
from salon.exhibitors.rules.lifecycle import Move
from salon.fair.actions import FairAction
from salon.platform.database.journal import JournalEntry, action_named, journal_actions
from salon.platform.settings.installation import ROOT
from salon.staffing.models import ExchangeStatus
from salon.village_day.actions import VillageDayAction

JOBS = ("paper_pack.", "plan.", "print_run.", "rota.run_")
KINDS, ENDS = ("body", "theme"), ("withdrawn", "restored")
WRITERS = {"write_entry", "note"}


def name_of(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def calls() -> Iterator[ast.Call]:
    """Yield each call that writes an entry."""
    for path in sorted((ROOT / "salon").rglob("*.py")):
        module = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name_of(node) in WRITERS:
                yield node


def test_each_action_has_a_label_and_a_name_of_its_own() -> None:
    actions = list(journal_actions())
    assert len(actions) > 300
    assert all(action.label for action in actions)
    assert sorted(action for action, count in Counter(actions).items() if count > 1) == []


def test_the_names_that_the_code_computes_are_those_of_actions() -> None:
    for document in DocumentStatus:
        assert document == DocumentStatus.WAITING or SpaceAction(f"document.{document}")
    for exchange in ExchangeStatus:
        assert exchange == ExchangeStatus.OPEN or VillageDayAction(f"exchange.{exchange}")
    assert all(ExhibitorAction(f"exhibitor.{move}").label for move in Move)
    assert [AppointmentAction(f"queue.{gesture}") for gesture in Gesture]
    assert [BillingAction(f"sales.{kind}") for kind in SalesKind]
    for _, name in NAMES.values():
        assert DuplicateAction(f"{name}.told_apart")
        assert DuplicateAction(f"{name}.compared_again")
    for kind in (FairAction(f"{row}.{end}") for row in KINDS for end in ENDS):
        assert kind.label
    assert [action_named(f"{job}{end}") for job in JOBS for end in ("asked", "discarded", "failed")]


def test_each_field_that_the_code_writes_has_a_french_name() -> None:
    written = {
        keyword.arg for call in calls() for keyword in call.keywords if keyword.arg is not None
    }
    assert len(written) > 50
    assert sorted(written - set(COLUMNS)) == []


def test_details_are_read_in_french() -> None:
    details = {
        "category": "elected",
        "is_vip": True,
        "until": "2021-06-28T21:59:00+00:00",
        "added": ["a", "b"],
        "was": {"status": "waiting", "called_at": None},
        "step": "totp",
        "filters": {"presence": "came:2021-10-01", "category": "press"},
        "fields": ["area", "kind"],
        "tasks": ["staff"],
        "reason": "two_hours_before",
        "note": "",
        **{name: {"days": []} for name in INTERNAL},
    }
    entry = JournalEntry(at=datetime.now(UTC), actor_name="Léa", action="x", details=details)
    assert detail_lines(entry) == [
        ("Catégorie", "Élu"),
        ("Accueil particulier", "oui"),
        ("Jusqu’au", "28/06/2021 à 23\u00a0h\u00a059"),
        ("Ajoutés", "a, b"),
        ("Avant", "État En attente"),
        ("Étape", "code de l’application"),
        ("Filtres", "Présence venus, 01/10/2021, Catégorie Presse"),
        ("Champs", "Surface, Organisme"),
        ("Tâches", "Noms des personnes du stand"),
        ("Motif", "Deux heures avant l’ouverture"),
    ]
