"""The lines of mails: none is glued to the next, none is lost in empty ones."""

import re
from pathlib import Path
from typing import Any

from flask import Flask

from salon.fair.models import Edition
from salon.platform.mail.delivery import words_of
from salon.platform.mail.outbox import Message
from salon.platform.settings.installation import ROOT
from tests.tables import each

TEMPLATES = sorted((ROOT / "templates" / "mail").glob("[!_]*.txt"))
TAG = re.compile(r"\{%.*?%\}")
SHIFT = {"day": "vendredi", "from": "9 h", "to": "10 h", "where": "stand 66"}
MEETING = {
    **SHIFT,
    **{"agent": "Agnès", "theme": "Eau", "subject": "Le pont", "token": "abc"},
    **{"name": "Paul", "whose": "Agde"},
}
LISTS: dict[str, tuple[Any, ...]] = {
    "agent_wishes": ("shifts", "le vendredi"),
    "appointment_tomorrow": ("appointments", MEETING),
    "appointments_untended": ("appointments", MEETING),
    "appointment_agreed": ("steps", {"what": "Visite", "owner": "Anne", "due": ""}),
    "digest": ("new", {"words": "2 courriels refusés", "advice": "Renvoyez.", "path": "/a"}),
    "eve_exhibitor": ("tasks", {"label": "Contrat", "day": "6 septembre", "note": ""}),
    "exhibitor_reminder": (
        "tasks",
        {"label": "Contrat", "day": "6 septembre", "note": ""},
        {"label": "Logo", "day": "", "note": "En PNG"},
    ),
    "group_registered": ("people", "Paul Pioch"),
    "lead_withdrawn": ("lost", "Recontacter"),
    "rota_changed": ("came", SHIFT),
    "shift_tomorrow": ("shifts", SHIFT),
    "standin_escalated": ("silent", {"who": "Paul Pioch", "phone": "06 12 34 56 78"}),
}
"""Each message that lists something: the name of its list, and its items, in turn."""
ALWAYS: dict[str, Any] = {
    **{"salutation": "Bonjour", "name": "Anne", "first_name": "Paul"},
    **{"shift": SHIFT, "is_first": True, "appointment": MEETING},
}
NEEDS_ONE = ("appointment_tomorrow", "digest", "shift_tomorrow")


def rendered(kind: str, **context: object) -> str:
    return words_of(Message(kind=kind, context=context, recipient="a@salon.example"))[1]


def test_each_message_with_a_list_is_read_here() -> None:
    assert {path.stem for path in TEMPLATES if "\n- " in path.read_text()} == set(LISTS)


@each("count", [0, 1, 3])
@each("kind", LISTS)
def test_each_item_has_its_own_line(app: Flask, edition: Edition, kind: str, count: int) -> None:
    if count == 0 and kind in NEEDS_ONE:
        return
    name, *kinds = LISTS[kind]
    with app.test_request_context():
        rows = [kinds[number % len(kinds)] for number in range(count)]
        context = {name: rows}
        if kind == "digest":
            context = {"sections": [{"edition": "Salon", **context}]}
        words = rendered(kind, **{**ALWAYS, **context})
    lines = words.splitlines()
    items = [line for line in lines if line.startswith("- ")]
    assert len(items) == count
    assert not [line for line in lines if re.search(r"\S *- ", line)]
    assert "\n\n\n" not in words
    if count:
        first, last = lines.index(items[0]), len(lines) - lines[::-1].index(items[-1]) - 1
        assert "" not in lines[first:last]
        # What comes after the list is another paragraph, what belongs to its items is indented.
        following = [line for line in lines[last + 1 :] if not line.startswith("  ")]
        assert following[0] == ""


@each("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_line_of_a_template_loses_its_end(path: Path) -> None:
    """A tag that ends a line takes its end away, unless it says `+%}`; no dash takes more."""
    text = path.read_text()
    assert "{%-" not in text
    assert "-%}" not in text
    for line in text.split("\n"):
        if TAG.sub("", line).strip():
            assert not line.endswith("%}") or line.endswith("+%}"), line
