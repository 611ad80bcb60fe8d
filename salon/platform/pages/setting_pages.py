"""One mechanism for the pages of settings: show, preview, save, refuse without losing anything."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, SelectField
from wtforms.fields import Field

from salon.platform.database.consequences import Consequences
from salon.platform.database.versions import StaleVersion, stamp_of
from salon.platform.pages.confirmation import (
    Confirmation,
    confirmation_page,
    consequences_page,
    is_confirmed,
)
from salon.platform.pages.forms import ChangeForm, SalonForm, StampForm
from salon.platform.words.errors import BadInput, RuleBroken
from salon.platform.words.markdown import is_preview


@dataclass(frozen=True)
class SettingPage:
    """A page of settings: its template, and the address and message after saving.

    `current` reads the saved values again, whose stamp is the version; `shown` makes them the
    values of the fields, where these differ.
    """

    template: str
    done: str
    saved: str
    current: Callable[[], Mapping[str, Any]] = dict
    shown: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict
    context: Mapping[str, Any] = field(default_factory=dict)

    def answer(
        self,
        form: SalonForm,
        save: Callable[[], object],
        ask: Callable[[], str | None] | None = None,
    ) -> ResponseReturnValue:
        """Return the page, or save and lead on. A refusal keeps what was typed.

        `ask` returns the page to confirm before saving, or None when nothing has to be asked.
        """
        if not form.is_submitted():
            return self._page(form)
        is_valid = form.validate()
        if is_preview():
            return self._page(form)
        if not is_valid:
            return self._page(form), 400
        try:
            question = None if ask is None or is_confirmed() else ask()
            if question is not None:
                return question
            save()
        except RuleBroken as refusal:
            return self.refused(form, refusal)
        flash(self.saved, "success")
        return redirect(self.done)

    def remove(
        self, form: SalonForm, question: Confirmation, remove: Callable[[], object], saved: str
    ) -> ResponseReturnValue:
        """Ask, then remove and lead on. A refusal shows `form`, the page of what stays."""
        try:
            if not is_confirmed():
                return confirmation_page(question, remove)
            remove()
        except RuleBroken as refusal:
            return self.refused(form, refusal)
        flash(saved, "success")
        return redirect(self.done)

    def settle(
        self,
        form: SalonForm,
        question: Confirmation,
        act: Callable[[], Consequences],
        saved: str,
    ) -> ResponseReturnValue:
        """Say what `act` touches, then act and lead on. A refusal shows `form`."""
        try:
            if not is_confirmed():
                return consequences_page(question, act) or confirmation_page(question)
            act()
        except RuleBroken as refusal:
            return self.refused(form, refusal)
        flash(saved, "success")
        return redirect(self.done)

    def refused(self, form: SalonForm, refusal: RuleBroken) -> ResponseReturnValue:
        """Return the page with the refusal; of a stale one, with what is saved now."""
        form.refuse(refusal)
        theirs: Sequence[tuple[str, str]] = ()
        if isinstance(form, StampForm):
            current = self.current()
            form.stamp.data = stamp_of(current)
            if isinstance(refusal, StaleVersion):
                theirs = changed_meanwhile(form, self.shown(current))
        return self._page(form, theirs), refusal.status

    def _page(self, form: SalonForm, theirs: Sequence[tuple[str, str]] = ()) -> str:
        return render_template(self.template, form=form, theirs=theirs, **self.context)


def removal_form(values: Mapping[str, Any]) -> StampForm:
    """Return the hidden form of a button that removes what the page shows."""
    return StampForm(formdata=None, stamp=stamp_of(values))


def removal_stamp() -> str:
    """Return the version that a removal read. Raises BadInput."""
    form = StampForm()
    if not form.validate():
        raise BadInput
    return form.stamp.data or ""


def requested_change() -> tuple[str, str]:
    """Return the version that a change read, and the words for its messages. Raises BadInput."""
    form = ChangeForm()
    if not form.validate():
        raise BadInput
    return form.stamp.data or "", form.mail_words.data or ""


def changed_meanwhile(form: StampForm, current: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (label, saved value) of the simple fields that differ from what was typed."""
    return [
        (item.label.text, words_of(item, current[item.name]))
        for item in form
        if item.name in current
        and isinstance(current[item.name], str | int | float | bool | None)
        and (item.data or "") != (current[item.name] or "")
    ]


def words_of(item: Field, value: Any) -> str:
    """Return a saved value as its field would show it."""
    if isinstance(item, BooleanField):
        return "oui" if value else "non"
    if isinstance(item, SelectField):
        return str(dict(item.choices or ()).get(value, value))
    return "" if value is None else str(value)
