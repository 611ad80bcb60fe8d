"""The journal speaks French: each action and each field that the code writes has its words."""

import ast
from collections.abc import Iterator
from datetime import UTC, datetime

from salon.appointments.rules.queue import Gesture
from salon.billing.models import SalesKind
from salon.dashboard.presenters import ACTIONS
from salon.dashboard.presenters.fields import COLUMNS
from salon.dashboard.presenters.journal import INTERNAL, detail_lines
from salon.duplicates.services.pairs import NAMES
from salon.exhibitors.models import DocumentStatus
from salon.exhibitors.rules.lifecycle import Move
from salon.fair.services.lifecycle import ENTRIES
from salon.platform.database.db import db
from salon.platform.database.journal import JournalEntry
from salon.platform.settings.installation import ROOT
from salon.staffing.models import ExchangeStatus

JOBS = ("paper_pack.", "plan.", "print_run.", "rota.run_")
COMPUTED = {
    "f'document.{answer}'": [
        f"document.{status}" for status in DocumentStatus if status != DocumentStatus.WAITING
    ],
    "f'exchange.{status}'": [
        f"exchange.{status}" for status in ExchangeStatus if status != ExchangeStatus.OPEN
    ],
    "f'exhibitor.{move}'": [f"exhibitor.{move}" for move in Move],
    "f'queue.{gesture}'": [f"queue.{gesture}" for gesture in Gesture],
    "f'sales.{kind.value}'": [f"sales.{kind}" for kind in SalesKind],
    "f'{kind.act}asked'": [f"{act}asked" for act in JOBS],
    "f'{kind.act}discarded'": [f"{act}discarded" for act in JOBS if act in ("plan.", "rota.run_")],
    "f'{kind.act}failed'": [f"{act}failed" for act in JOBS],
    "f'{name}.compared_again'": [f"{name}.compared_again" for _, name in NAMES.values()],
    "f'{name}.told_apart'": [f"{name}.told_apart" for _, name in NAMES.values()],
    "ENTRIES[decision]": list(ENTRIES.values()),
}
"""The actions that the code computes, by their expression."""
POSITIONS = {"write_entry": 2, "note": 1}
WRITERS = {"write_entry", "note"}


def name_of(call: ast.Call) -> str:
    function = call.func
    return getattr(function, "id", "") or getattr(function, "attr", "")


def calls() -> Iterator[tuple[ast.Module, ast.Call]]:
    """Yield each call that writes an entry, with the module where it stands."""
    for path in sorted((ROOT / "salon").rglob("*.py")):
        module = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name_of(node) in WRITERS:
                yield module, node


def constants(module: ast.AST) -> set[str]:
    """Return the constants of a module that may be an action: `word.word`, in one string."""
    return {
        node.value
        for node in ast.walk(module)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value.replace(".", "", 1).replace("_", "").isalpha()
        and "." in node.value
    }


def test_each_action_that_the_code_writes_has_french_words() -> None:
    literal, computed, passed_on = set(), set(), set()
    for module, call in calls():
        action = call.args[POSITIONS[name_of(call)]]
        if isinstance(action, ast.Constant):
            literal.add(str(action.value))
        elif isinstance(action, ast.Name):
            # A helper of the module is told the action, or a constant of the module is.
            passed_on |= constants(module)
        else:
            computed.add(ast.unparse(action))
    assert len(literal) > 150
    assert sorted(literal - set(ACTIONS)) == []
    assert computed == set(COMPUTED)
    expected = {action for actions in COMPUTED.values() for action in actions}
    assert sorted(expected - set(ACTIONS)) == []
    # What else is written with a point: endpoints of other words, columns of tables.
    kinds = {action.partition(".")[0] for action in ACTIONS} - set(db.metadata.tables)
    actions = {text for text in passed_on if text.partition(".")[0] in kinds}
    assert sorted(actions - set(ACTIONS)) == []


def test_each_field_that_the_code_writes_has_a_french_name() -> None:
    written = {
        keyword.arg for _, call in calls() for keyword in call.keywords if keyword.arg is not None
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
        "reason": "",
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
    ]
