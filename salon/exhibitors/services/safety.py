"""The safety form of a stand: answered by the exhibitor, judged by rules, eased by organisers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from salon.exhibitors.engine import safety, safety_questions
from salon.exhibitors.models import Exhibitor, SafetyForm
from salon.exhibitors.queries.safety import get_sheet
from salon.exhibitors.rules.safety import (
    RuleUnknown,
    check_fair_has_not_begun,
    check_has_a_stand,
    check_override,
)
from salon.exhibitors.rules.versions import check_version
from salon.fair.models import Edition
from salon.platform.db import current_session, transaction
from salon.platform.identity import Identity
from salon.platform.journal import write_entry

NEW = 0
"""The version read by somebody who found no form yet."""


def answer_safety(
    exhibitor: Exhibitor, version: int, answers: Mapping[str, Any], by: Identity, now: datetime
) -> SafetyForm:
    """Saves answers, all or some; complete once each question asked has one.

    `version`: of the form as it was read, NEW when there was none. An override whose rule finds
    nothing any more goes. Raises ChangedMeanwhile, NoStandToMakeSafe, FairHasBegun.
    """
    check_has_a_stand(exhibitor.is_pavilion)
    edition = current_session().get_one(Edition, exhibitor.edition_id)
    check_fair_has_not_begun(now, edition.starts_at)
    given = safety_questions.clean(answers)
    with transaction(exhibitor) as session:
        form = session.scalars(
            select(SafetyForm)
            .where(SafetyForm.exhibitor_id == exhibitor.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).one_or_none()
        check_version(version, form.version if form else NEW)
        if form is None:
            form = SafetyForm(exhibitor_id=exhibitor.id)
            session.add(form)
        form.answers = given
        found = {one.rule for one in safety.judge(given, exhibitor.area)}
        form.overrides = {k: v for k, v in (form.overrides or {}).items() if k in found}
        complete = safety_questions.is_complete(given)
        form.completed_at = (form.completed_at or now) if complete else None
        flag_modified(form, "answers")
        session.flush()
        action = "safety.completed" if complete else "safety.saved"
        write_entry(session, by, action, f"exhibitor:{exhibitor.id}")
    return form


def set_rule_aside(
    exhibitor_id: int, version: int, rule: str, reason: str, by: Identity, now: datetime
) -> SafetyForm:
    """An organiser eases a rule for a stand, with a reason. Raises what check_override raises.

    Also ChangedMeanwhile, and NoResultFound before the form is begun.
    """
    form = get_sheet(exhibitor_id)
    with transaction(form) as session:
        check_version(version, form.version)
        check_override(rule, reason, safety.judge(form.answers, form.exhibitor.area))
        made = {"reason": reason.strip(), "by": by.display_name, "at": now.isoformat()}
        form.overrides = {**form.overrides, rule: made}
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(session, by, "safety.set_aside", subject, rule=rule, reason=made["reason"])
    return form


def restore_rule(
    exhibitor_id: int, version: int, rule: str, by: Identity, now: datetime
) -> SafetyForm:
    """The rule counts again for this stand. Raises RuleUnknown, ChangedMeanwhile."""
    form = get_sheet(exhibitor_id)
    with transaction(form) as session:
        check_version(version, form.version)
        if rule not in form.overrides:
            raise RuleUnknown("Cette règle n’était pas levée.")
        form.overrides = {key: value for key, value in form.overrides.items() if key != rule}
        write_entry(session, by, "safety.restored", f"exhibitor:{exhibitor_id}", rule=rule)
    return form
