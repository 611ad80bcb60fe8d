"""Export of follow-ups: of a body by its coordinator, of any body by an organiser."""

from collections.abc import Collection

from flask import Response
from flask.typing import ResponseReturnValue

from salon.appointments.documents import follow_up as files
from salon.appointments.queries.meetings import follow_ups
from salon.appointments.routes import blueprint
from salon.fair.models import Edition
from salon.fair.queries import get_current_edition
from salon.platform.access import actor, only, row_asked
from salon.platform.clock import now
from salon.platform.identity import Domain, Role
from salon.platform.journal import note
from salon.staffing.access import own_scope


@blueprint.get("/planning/suites.<any(csv,xlsx):kind>")
@only(Role.AGENT)
def own_follow_ups(kind: str) -> ResponseReturnValue:
    scope = own_scope()
    return _file(scope.edition, scope.body_ids, kind)


@blueprint.get("/organisation/rendez-vous/suites.<any(csv,xlsx):kind>")
@only(Domain.APPOINTMENTS)
def follow_ups_of(kind: str) -> ResponseReturnValue:
    """Export the follow-ups of the body `organisme`, or of all bodies without it."""
    body_id = row_asked("organisme")
    return _file(get_current_edition(), [body_id] if body_id else None, kind)


def _file(edition: Edition, body_ids: Collection[int] | None, kind: str) -> Response:
    rows = files.rows_of(follow_ups(edition, now(), body_ids))
    note(actor(), "appointments.exported", f"edition:{edition.id}", format=kind, count=len(rows))
    return files.table_of(rows).download("suites", kind)
