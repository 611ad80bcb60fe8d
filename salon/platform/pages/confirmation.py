"""Confirmation before an act that destroys or writes to people: one page for every act.

A view that posts without `confirmed` gets this page first. It names the data that go, and shows the
messages that would leave: the act is rehearsed, so that they are those of the act itself. The page
posts the same fields again, and works without JavaScript.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app, render_template, request

from salon.platform.database.consequences import Consequences, Fate
from salon.platform.mail.outbox import Message, rehearsed_messages
from salon.platform.settings.prefixes import page_address
from salon.platform.web.access import find_identity

Words = Callable[[Message], tuple[str, str]]
UNREPEATED = ("csrf_token", "confirmed", "mail_words", "reread")
SHOWN = 3
"""Most messages shown in full; a hundred alike are read in one."""


@dataclass(frozen=True)
class Confirmation:
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
    """Return whether the person confirmed; reading the messages again confirms nothing."""
    return request.form.get("confirmed") == "yes" and "reread" not in request.form


def confirmation_page(question: Confirmation, act: Callable[[], object] | None = None) -> str:
    """Return the confirmation page. Raises the errors of `act`, so that a refusal comes first.

    `act` only writes to the database; None for an act that writes to nobody and removes a file.
    """
    with rehearsed_messages() as messages:
        if act is not None:
            act()
    if find_identity() is None:
        messages.clear()  # a private link shows nobody's address
    return _page(question, messages, _with_words(messages[:SHOWN]))


def consequences_page(question: Confirmation, act: Callable[[], Consequences]) -> str | None:
    """Return the page that says what `act` would do, or None when it touches nothing.

    A message of each kind is read as it would leave; the person may add `mail_words` to all of
    them. Raises the errors of `act`.
    """
    with rehearsed_messages() as messages:
        consequences = act()
        kinds = {message.kind: message for message in reversed(messages)}
        shown_messages = _with_words(list(reversed(kinds.values())))
    if not messages and not any(consequence.count for consequence in consequences):
        return None
    return _page(question, messages, shown_messages, consequences)


def _with_words(messages: Sequence[Message]) -> list[tuple[str, str, str]]:
    """Return (recipient, subject, text) of each message."""
    words_of = cast(Words, current_app.extensions["salon_message_words"])
    return [(message.recipient, *words_of(message)) for message in messages]


def _page(
    question: Confirmation,
    messages: Sequence[Message],
    shown_messages: Sequence[tuple[str, str, str]],
    consequences: Consequences = (),
) -> str:
    fields = [
        (name, value) for name, value in request.form.items(multi=True) if name not in UNREPEATED
    ]
    return render_template(
        "confirm.html",
        question=question,
        section=question.section,
        fates=[
            (fate, touched)
            for fate in Fate
            if (
                touched := [
                    consequence
                    for consequence in consequences
                    if consequence.fate == fate and consequence.count
                ]
            )
        ],
        mail_words=request.form.get("mail_words", "") if consequences and messages else None,
        messages=shown_messages,
        recipients=list(dict.fromkeys(message.recipient for message in messages)),
        count=len(messages),
        fields=fields,
        path=page_address(),
    )


def confirm_first(question: Confirmation, act: Callable[[], object]) -> str | None:
    """Act and return None once the person has confirmed; before that, return the page to do so."""
    if not is_confirmed():
        return confirmation_page(question, act)
    act()
    return None
