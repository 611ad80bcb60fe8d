"""Pages that are read: every message, one message, its letter, the progress of its sending."""

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from salon.fair.access import get_request_edition
from salon.mailings import presenters
from salon.mailings.access import READERS, may_write_to, readable_audiences
from salon.mailings.engine import Recipient
from salon.mailings.forms import CopyForm, SendForm
from salon.mailings.models import Mailing, MailingState
from salon.mailings.queries import mailings as queries
from salon.mailings.queries.audiences import AUDIENCES
from salon.mailings.queries.mailings import Fate, Selection
from salon.mailings.routes import blueprint, mailing_to_read
from salon.mailings.services.letters import SAMPLE, unsent_letter
from salon.platform.mail.delivery import shown_page_of, shown_words_of
from salon.platform.pages.lists.address import requested_page
from salon.platform.settings.clock import now
from salon.platform.web.access import only
from salon.platform.words.texts import folded

UNSENT = (MailingState.DRAFT, MailingState.PLANNED)


@blueprint.get("/organisation/ecrire")
@only(*READERS)
def mailings() -> ResponseReturnValue:
    edition = get_request_edition()
    rows = queries.mailings_of(edition, readable_audiences())
    return render_template(
        "mailings/mailings.html",
        mailings=rows,
        fates=queries.fates_of([row.id for row in rows]),
        audiences=[AUDIENCES[key] for key in AUDIENCES if may_write_to(key)],
        looks=presenters.LOOKS,
        words=lambda row: presenters.filter_words(edition, row.audience, row.filters),
    )


@blueprint.get("/organisation/ecrire/<int:mailing_id>")
@only(*READERS)
def mailing(mailing_id: int) -> ResponseReturnValue:
    edition, row = get_request_edition(), mailing_to_read(mailing_id)
    selection = _selection(row)
    place = _place(selection)
    reader = _reader(selection, place)
    fate = request.args.get("etat", "")
    answered = AUDIENCES[row.audience].answered
    return render_template(
        "mailings/mailing.html",
        mailing=row,
        look=presenters.LOOKS[row.state],
        audience_words=presenters.filter_words(edition, row.audience, row.filters),
        selection=selection,
        selection_words=presenters.selection_words(selection) if selection else "",
        left_out=presenters.left_out(selection) if selection else (),
        gone=queries.gone_filters(edition, row.audience, row.filters) if selection else (),
        who=presenters.who,
        place=place,
        reader=reader,
        letter=shown_words_of(unsent_letter(edition, row, reader)),
        may_write=may_write_to(row.audience),
        send_form=SendForm(formdata=None),
        copy_form=CopyForm(formdata=None),
        fates=queries.fates_of([row.id])[row.id],
        fate=fate,
        fate_looks=presenters.FATE_LOOKS,
        page=queries.recipients_page(
            row, Fate(fate) if fate in set(Fate) else None, requested_page()
        )
        if row.state not in UNSENT
        else None,
        answered=len(answered(edition, queries.keys_written_to(row), row.planned_at))
        if answered and row.planned_at and row.state not in UNSENT
        else None,
    )


@blueprint.get("/organisation/ecrire/<int:mailing_id>/lettre")
@only(*READERS)
def letter(mailing_id: int) -> ResponseReturnValue:
    """Return the message as a mail program shows it to a recipient, private links hidden."""
    row = mailing_to_read(mailing_id)
    selection = _selection(row)
    reader = _reader(selection, _place(selection))
    return shown_page_of(unsent_letter(get_request_edition(), row, reader))


@blueprint.get("/organisation/ecrire/<int:mailing_id>/etat")
@only(*READERS)
def mailing_state(mailing_id: int) -> ResponseReturnValue:
    row = mailing_to_read(mailing_id)
    fates = queries.fates_of([row.id])[row.id]
    status = "running" if row.state == MailingState.SENDING else row.state.value
    total = sum(fates.values()) - fates[Fate.LEFT_OUT]
    return jsonify(status=status, done=total - fates[Fate.WAITING], total=total)


def _selection(row: Mailing) -> Selection | None:
    """Return whom the message would be sent to now; None once its recipients are drawn."""
    if row.state not in UNSENT:
        return None
    return queries.select_recipients(get_request_edition(), row.audience, row.filters, now())


def _place(selection: Selection | None) -> int:
    """Return the place, from 1, of the recipient that the address asks for, or the first."""
    count = len(selection.recipients) if selection else 0
    if selection and (words := folded(request.args.get("q", ""))):
        for place, recipient in enumerate(selection.recipients, 1):
            if words in folded(presenters.who(recipient)):
                return place
    return max(1, min(request.args.get("pour", 1, type=int), count))


def _reader(selection: Selection | None, place: int) -> Recipient:
    recipients = selection.recipients if selection else ()
    return recipients[place - 1] if recipients else SAMPLE
