"""The safety form of a stand: answered by the exhibitor, judged by rules, eased by organisers."""

from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from salon.exhibitors.models import Exhibitor
from salon.fair.models import Edition
from salon.platform.database.act import Act
from salon.platform.database.db import current_session
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.safety.actions import SafetyAction
from salon.safety.engine import assessment, questions
from salon.safety.models import SafetyForm
from salon.safety.queries import get_sheet
from salon.safety.rules import (
    RuleUnknown,
    check_fair_has_not_begun,
    check_has_a_stand,
    check_override,
)

NEW = 0
"""The version of a form that does not exist yet."""


def answer_safety(
    act: Act, exhibitor: Exhibitor, version: int, answers: Mapping[str, object]
) -> SafetyForm:
    """Save answers, all or some; the form is complete once each question asked has one.

    `version`: of the form as it was read, NEW when there was none. Overrides of rules without a
    finding are dropped. Raises StaleVersion, NoStandToMakeSafe, FairHasBegun.
    """
    check_has_a_stand(exhibitor.is_pavilion)
    edition = current_session().get_one(Edition, exhibitor.edition_id)
    check_fair_has_not_begun(act.now, edition.starts_at)
    asked_answers = questions.applicable_answers(answers)
    with act.transaction(exhibitor) as session:
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
        form.answers = asked_answers
        broken_rules = {judged.rule for judged in assessment.judge(asked_answers, exhibitor.area)}
        form.overrides = {k: v for k, v in (form.overrides or {}).items() if k in broken_rules}
        complete = questions.is_complete(asked_answers)
        form.completed_at = (form.completed_at or act.now) if complete else None
        flag_modified(form, "answers")
        session.flush()
        action = SafetyAction.COMPLETED if complete else SafetyAction.SAVED
        write_entry(session, act.actor, action, f"exhibitor:{exhibitor.id}")
    return form


def set_rule_aside(act: Act, exhibitor_id: int, version: int, rule: str, reason: str) -> SafetyForm:
    """Set a finding aside for a stand, with a reason.

    Raises the errors of check_override, StaleVersion, and NoResultFound before the form is
    begun.
    """
    form = get_sheet(exhibitor_id)
    with act.transaction(form) as session:
        check_version(version, form.version)
        check_override(rule, reason, assessment.judge(form.answers, form.exhibitor.area))
        override = {
            "reason": reason.strip(),
            "by": act.actor.display_name,
            "at": act.now.isoformat(),
        }
        form.overrides = {**form.overrides, rule: override}
        subject = f"exhibitor:{exhibitor_id}"
        write_entry(
            session,
            act.actor,
            SafetyAction.SET_ASIDE,
            subject,
            rule=rule,
            reason=override["reason"],
        )
    return form


def restore_rule(act: Act, exhibitor_id: int, version: int, rule: str) -> SafetyForm:
    """Apply the rule to this stand again. Raises RuleUnknown, StaleVersion."""
    form = get_sheet(exhibitor_id)
    with act.transaction(form) as session:
        check_version(version, form.version)
        if rule not in form.overrides:
            raise RuleUnknown("Cette règle n’était pas levée.")
        form.overrides = {key: value for key, value in form.overrides.items() if key != rule}
        write_entry(
            session, act.actor, SafetyAction.RESTORED, f"exhibitor:{exhibitor_id}", rule=rule
        )
    return form
