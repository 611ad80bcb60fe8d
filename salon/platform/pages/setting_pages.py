"""One mechanism for the pages of settings: show, preview, save, refuse without losing anything.

A page is declared once: its form lists the fields, with their labels and checks (`values`: what is
typed, as a service saves it; `shown`: the way back; `about`: what is saved); the service that it is
given checks the rules and writes values, version and journal in one transaction.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField
from wtforms.fields import Field

from salon.platform.database.consequences import Consequences, Fate
from salon.platform.database.journal import JournalEntry
from salon.platform.database.versions import StaleVersion, Values, stamp_of
from salon.platform.pages.acts import offer_undo
from salon.platform.pages.confirmation import (
    Confirmation,
    confirmation_page,
    consequences_page,
    is_confirmed,
)
from salon.platform.pages.forms import ChangeForm, CreatingForm, StampForm
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.formats import plural

Save = Callable[[Values, str], object]
"""A service with its act, which saves values, given the key or the version of the form."""
Follow = Callable[[Values, str], Consequences]
"""A service with its act, whose consequences are said before."""


SHOWN_NAMES = 6
"""Most names on a line that is carried to the next page."""


def is_preview() -> bool:
    """Return whether the form was sent by « Voir l’aperçu »: it is shown again, nothing saved."""
    return request.method == "POST" and request.form.get("preview") is not None


@dataclass(frozen=True)
class Undo:
    """The undoing of a change: the address, and the entry of the last one, if it can be undone."""

    address: str
    last_entry: Callable[[], JournalEntry | None]


@dataclass(frozen=True)
class SettingPage:
    """A page of settings: its template and form, and the address and message after saving."""

    template: str
    form: StampForm | CreatingForm
    done: str
    saved: str
    context: Mapping[str, object] = field(default_factory=dict)

    def save(
        self, service: Save, ask: Callable[[], str | None] | None = None
    ) -> ResponseReturnValue:
        """Return the page, or save and lead on. A refusal keeps what was typed.

        `ask` returns the page to confirm before saving, or None when nothing has to be asked.
        """
        form = self.form
        if not form.is_submitted():
            return self.show()
        is_valid = form.validate()
        if is_preview():
            return self.show()
        if not is_valid:
            return self.show(), 400
        return self._act(lambda: service(form.values, form.token), ask, self.saved)

    def follow(
        self, service: Follow, question: Confirmation, undo: Undo | None = None
    ) -> ResponseReturnValue:
        """Return the page, or say what saving touches, then save and offer to undo it."""

        def save(values: Values, token: str) -> None:
            if service(values, token) and undo and (entry := undo.last_entry()):
                offer_undo(undo.address, entry=str(entry.id))

        return self.save(
            save,
            lambda: consequences_page(question, lambda: service(self.form.values, self.form.token)),
        )

    def remove(
        self, question: Confirmation, service: Callable[[str], object], saved: str
    ) -> ResponseReturnValue:
        """Ask, then remove and lead on. A refusal shows the form, the page of what stays."""
        stamp = removal_stamp()

        def remove() -> None:
            service(stamp)

        return self._act(remove, lambda: confirmation_page(question, remove), saved)

    def settle(
        self,
        question: Confirmation,
        service: Callable[[str, str], Consequences],
        saved: str,
    ) -> ResponseReturnValue:
        """Say what `service` touches, given words for its messages and the version read; then act.

        A refusal shows the form.
        """
        stamp, words = requested_change()

        def act() -> Consequences:
            return service(words, stamp)

        return self._act(
            act, lambda: consequences_page(question, act) or confirmation_page(question), saved
        )

    def _act(
        self, act: Callable[[], object], ask: Callable[[], str | None] | None, saved: str
    ) -> ResponseReturnValue:
        try:
            question = None if ask is None or is_confirmed() else ask()
            if question is not None:
                return question
            act()
        except RuleBroken as refusal:
            return self._refused(refusal)
        flash(saved, "success")
        return redirect(self.done)

    def _refused(self, refusal: RuleBroken) -> ResponseReturnValue:
        """Return the page with the refusal; of a stale one, with what is saved now."""
        form = self.form
        form.refuse(refusal)
        theirs: Sequence[tuple[str, str]] = ()
        if isinstance(form, StampForm):
            current = form.current()
            form.stamp.data = stamp_of(current)
            if isinstance(refusal, StaleVersion):
                theirs = changed_meanwhile(form, form.shown(current))
        return self.show(theirs), refusal.status

    def show(self, theirs: Sequence[tuple[str, str]] = ()) -> str:
        """Return the page; `theirs`: labels and values that another person saved meanwhile."""
        form = self.form
        remove = StampForm(formdata=None, stamp=form.token) if isinstance(form, StampForm) else None
        return render_template(
            self.template, form=form, theirs=theirs, remove=remove, **self.context
        )


def setting_question(
    title: str, button: str, back: str, *facts: str, kicker: str = "", is_destructive: bool = False
) -> Confirmation:
    """Return the question of a page of settings; unless said, consequences are what it tells."""
    return Confirmation(
        title,
        button,
        back,
        facts=facts or ("Voici ce que ce changement touche. Rien n’est encore enregistré.",),
        kicker=kicker,
        section="dashboard.settings",
        is_destructive=is_destructive,
    )


def undo_entry() -> int:
    """Return the entry that the request undoes, 0 when it names none."""
    return request.form.get("entry", type=int) or 0


def flash_left_out(consequences: Consequences) -> None:
    """Name on the next page what an undoing did not give back."""
    for consequence in consequences:
        if consequence.fate == Fate.LEFT_OUT and consequence.count:
            names = " ; ".join(consequence.names[:SHOWN_NAMES])
            more = consequence.count - SHOWN_NAMES
            others = f" et {plural(more, 'autre')}" if more > 0 else ""
            flash(f"Ne revient pas : {consequence.label} : {names}{others}.", "warning")


def removal_form(values: Values) -> StampForm:
    """Return the hidden form of a button that removes what the page shows."""
    return StampForm(formdata=None, stamp=stamp_of(values))


def removal_stamp() -> str:
    """Return the version that a removal read. Raises BadInput."""
    form = StampForm()
    if not form.validate():
        raise BadInput
    return form.token


def requested_change() -> tuple[str, str]:
    """Return the version that a change read, and the words for its messages. Raises BadInput."""
    form = ChangeForm()
    if not form.validate():
        raise BadInput
    return form.token, form.mail_words.data or ""


def changed_meanwhile(form: StampForm, current: Values) -> list[tuple[str, str]]:
    """Return (label, saved value) of the simple fields that differ from what was typed."""
    return [
        (item.label.text, words_of(item, current[item.name]))
        for item in form
        if item.name in current
        and isinstance(current[item.name], str | int | float | bool | None)
        and (item.data or "") != (current[item.name] or "")
    ]


def words_of(item: Field, value: object) -> str:
    """Return a saved value as its field would show it."""
    if isinstance(item, BooleanField):
        return "oui" if value else "non"
    if isinstance(item, SelectField):
        return str(dict(item.choices or ()).get(value, value))
    return "" if value is None else str(value)
