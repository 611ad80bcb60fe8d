"""Confirmation before an act that destroys or writes to people: one page for every act.

A view that posts without `confirmed` gets this page first. It names the data that go, and shows the
messages that would leave: the act is rehearsed, so that they are those of the act itself. The page
posts the same fields again, and works without JavaScript.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, render_template, request

from salon.platform.access import find_identity
from salon.platform.mail.outbox import Message, rehearsed_messages
from salon.platform.prefixes import page_address

Words = Callable[[Message], tuple[str, str]]
UNREPEATED = ("csrf_token", "confirmed")
SHOWN = 3
"""Most messages shown in full; a hundred alike are read in one."""


@dataclass(frozen=True)
class Question:
    """Content of the page: the act, the people concerned, the consequences.

    `names`: people concerned by a bulk act. `back` is the address of « Ne rien changer »; `layout`
    and `section` are those of its page. `is_final`: nothing undoes the act.
    """

    title: str
    button: str
    back: str
    facts: Sequence[str] = ()
    kicker: str = ""
    names: Sequence[str] = ()
    is_final: bool = False
    is_destructive: bool = True
    layout: str = "base_organiser.html"
    section: str = ""


def register_confirmations(app: Flask, words_of: Words) -> None:
    """`words_of` gives the subject and the text of a message."""
    app.extensions["salon_message_words"] = words_of


def is_confirmed() -> bool:
    return request.form.get("confirmed") == "yes"


def confirmation_page(question: Question, act: Callable[[], object] | None = None) -> str:
    """Return the confirmation page. Raises the errors of `act`, so that a refusal comes first.

    `act` only writes to the database; None for an act that writes to nobody and removes a file.
    """
    with rehearsed_messages() as messages:
        if act is not None:
            act()
    if find_identity() is None:
        messages.clear()  # a private link shows nobody's address
    words_of = cast(Words, current_app.extensions["salon_message_words"])
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in UNREPEATED
    ]
    return render_template(
        "confirm.html",
        question=question,
        section=question.section,
        messages=[(message.recipient, *words_of(message)) for message in messages[:SHOWN]],
        recipients=list(dict.fromkeys(message.recipient for message in messages)),
        count=len(messages),
        fields=fields,
        path=page_address(),
    )


def confirm_first(question: Question, act: Callable[[], object]) -> str | None:
    """Act and return None once the person has confirmed; before that, return the page to do so."""
    if not is_confirmed():
        return confirmation_page(question, act)
    act()
    return None
