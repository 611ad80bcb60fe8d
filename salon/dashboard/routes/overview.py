"""The overview: what an organiser has to do, then the figures."""

from flask import render_template
from flask.typing import ResponseReturnValue

from salon.accounts.queries import full_organisers
from salon.appointments.presenters.offered import hours_of
from salon.appointments.queries.offered import offered_themes
from salon.billing.queries.ledger import Figure
from salon.dashboard.access import readable_messages
from salon.dashboard.presenters.checklist import checklist_of, season_in
from salon.dashboard.presenters.waiting import lines_of, work_figures
from salon.dashboard.queries import overview as figures
from salon.dashboard.queries.exhibitor_figures import dues_of
from salon.dashboard.routes import blueprint
from salon.fair.access import address_in, find_request_edition, readable_editions
from salon.fair.models import Edition, EditionState
from salon.open_data.queries.releases import releases_of
from salon.platform.database.identity import Domain
from salon.platform.mail.restored import mail_held_since
from salon.platform.settings.clock import now, real_now
from salon.platform.web.access import actor, may_open, only


@blueprint.get("/organisation")
@only(*Domain)
def overview() -> ResponseReturnValue:
    edition = find_request_edition()
    if edition is None:
        return render_template("dashboard/overview.html", figures=None)
    work = work_figures(edition, now())
    waiting = figures.waiting_for(edition.id, real_now(), readable_messages())
    season = season_in(edition, now())
    return render_template(
        "dashboard/overview.html",
        season=season,
        checklist=checklist_of(edition, season, may_open),
        hours=hours_of(offered_themes(edition, now())),
        is_over=work.is_over,
        can_publish=work.is_over and edition.is_as_planned and not releases_of(edition),
        figures=figures.figures_of(edition.id),
        waiting=waiting,
        lines=lines_of(work, waiting, may_open),
        exhibitors=work.exhibitors,
        dues_elsewhere=_dues_elsewhere(edition),
        village=work.village,
        meetings=work.meetings,
        days=figures.registrations_per_day(edition.id),
        mail_held_since=mail_held_since(),
        full_organisers=full_organisers() if actor().has_all_rights else [],
    )


def _dues_elsewhere(edition: Edition) -> list[tuple[str, str, Figure]]:
    """Return the name, the page of dues and the unpaid invoices of the other live editions."""
    others = [
        other
        for other in readable_editions(Domain.MONEY)
        if other.id != edition.id and other.state != EditionState.CLOSED
    ]
    return [
        (other.name, address_in(other, "billing.ageing"), figure)
        for other, figure in dues_of(others, now())
    ]
