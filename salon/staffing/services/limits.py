"""Set the employer of a body and its own limits of working time."""

from collections.abc import Mapping

from salon.fair.services.acts import FairAct
from salon.platform.database.journal import write_entry
from salon.platform.database.versions import check_version
from salon.staffing.actions import StaffingAction
from salon.staffing.engine.working_time import Employer
from salon.staffing.queries.rota import stands_of
from salon.staffing.rules.agents import NoSuchBody
from salon.staffing.rules.legal import check_body_limits
from salon.staffing.services.settings import get_or_create_rota


def set_body_limits(
    act: FairAct, version: int, slug: str, employer: Employer, limits: Mapping[str, int]
) -> None:
    """Set the limits of a body. Raises NoSuchBody, LooserThanTheLaw, StaleVersion."""
    if slug not in {body.slug for body in stands_of(act.edition).values()}:
        raise NoSuchBody
    check_body_limits(employer, limits)
    rota = get_or_create_rota(act.edition)
    with act.transaction(rota) as session:
        check_version(version, rota.version)
        rota.limits = {**rota.limits, slug: {"employer": employer.value, **limits}}
        write_entry(
            session,
            act.actor,
            StaffingAction.ROTA_LIMITS_SET,
            f"edition:{act.edition.id}",
            body=slug,
            **limits,
        )
