"""« Campagne »: the messages that lead to the fair, day by day, and what each did."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from salon.fair.access import fair_act, get_request_edition
from salon.invitations.queries.territory import places_can_answer
from salon.mailings import presenters
from salon.mailings.access import READERS, may_write_to, readable_audiences
from salon.mailings.documents.first_campaign import first_campaign
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.campaign import steps_of
from salon.mailings.routes import blueprint
from salon.mailings.services.campaign import prepare_campaign
from salon.platform.database.identity import Domain
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.formats import plural


@blueprint.get("/organisation/ecrire/campagne")
@only(*READERS)
def campaign() -> ResponseReturnValue:
    edition = get_request_edition()
    return render_template(
        "mailings/campaign.html",
        steps=steps_of(edition, readable_audiences(), now()),
        audiences=[AUDIENCES[key] for key in AUDIENCES if may_write_to(key)],
        looks=presenters.LOOKS,
        words=lambda row: presenters.filter_words(edition, row.audience, row.filters),
        may_write_to=may_write_to,
        places_can_answer=places_can_answer(edition, now()),
    )


@blueprint.post("/organisation/ecrire/campagne")
@only(Domain.REGISTRATIONS)
def prepare() -> ResponseReturnValue:
    edition = get_request_edition()
    if count := prepare_campaign(fair_act(edition), first_campaign(edition)):
        flash(f"La campagne est prête à relire : {plural(count, 'message')}.", "success")
    return redirect(url_for("mailings.campaign"))
