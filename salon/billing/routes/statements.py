"""Bank statements: imported, and each line confirmed by an organiser."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.billing.engine.bank_matching import (
    ExhibitorSales,
    Match,
    Proposal,
    can_be_confirmed_at_once,
)
from salon.billing.forms.statements import LineForm, StatementForm
from salon.billing.imports.statements import (
    MOST_COLUMNS,
    MOST_LINES,
    NAMED,
    ReadStatement,
    read_columns,
    read_statement,
    sample_of,
    text_of_statement,
)
from salon.billing.models import PaymentMethod, SalesKind, StatementLine
from salon.billing.presenters.statements import (
    BUTTONS,
    due_choices,
    method_of,
    proposal_words,
    reasons_words,
)
from salon.billing.queries import statements as queries
from salon.billing.routes import blueprint
from salon.billing.routes.receipts import account_words
from salon.billing.rules.receipts import LineAlreadySettled, MoreThanDue
from salon.billing.services import payments, statements
from salon.billing.services.payments import ReceivedPayment, SentRefund
from salon.fair.access import fair_act, get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.documents.spreadsheets.preview import ReviewForm
from salon.platform.documents.spreadsheets.reader import ColumnsUnknown
from salon.platform.pages.acts import request_act
from salon.platform.web.access import accepts_upload, only
from salon.platform.words.formats import euros, plural

PLACE = "/organisation/facturation/releve"
LONGEST_REFERENCE = 60
MOST_SHOWN = 20
"""Operations shown before a statement without headings is imported."""


@blueprint.route(PLACE, methods=["GET", "POST"])
@only(Domain.MONEY)
@accepts_upload("max_content_length")
def statement() -> ResponseReturnValue:
    edition = get_request_edition()
    form = StatementForm()
    if form.validate_on_submit():
        with form.refusals(on="file"):
            content = form.file.data.read()
            try:
                return _import(read_statement(content))
            except ColumnsUnknown:
                if not (sample := sample_of(text := text_of_statement(content))):
                    raise
            return _columns_page(ReviewForm(formdata=None, rows=text), sample)
    lines = queries.waiting_lines(edition)
    waiting, settled = queries.counts_of(edition)
    sales = queries.exhibitor_sales(edition) if lines else []
    by_line = queries.proposals_for(edition, lines, sales)
    body = render_template(
        "billing/statement.html",
        form=form,
        lines=[
            (line, proposals[:1], can_be_confirmed_at_once(proposals, line.amount))
            for line, proposals in by_line.items()
        ],
        waiting=waiting,
        settled=settled,
        settled_lines=queries.settled_lines(edition),
        most_lines=MOST_LINES,
        proposal_words=proposal_words,
        reasons_words=reasons_words,
        method_of=method_of,
        buttons=BUTTONS,
    )
    return body, form.status_code


def _import(read: ReadStatement) -> ResponseReturnValue:
    count = statements.import_statement(fair_act(), read.lines)
    flash(_import_words(len(read.lines), count, read.skipped), "success")
    return _back()


def _columns_page(
    form: ReviewForm,
    sample: Sequence[Sequence[str]],
    names: Mapping[int, str] | None = None,
    read: ReadStatement | None = None,
) -> str:
    """Ask which column is which; show what is `read` so, before it is imported."""
    return render_template(
        "billing/statement_columns.html",
        form=form,
        sample=sample,
        choices=NAMED,
        names=names or {},
        read=read,
        most_shown=MOST_SHOWN,
    )


@blueprint.post(f"{PLACE}/colonnes")
@only(Domain.MONEY)
@accepts_upload("max_content_length", carries_text=True)
def name_columns() -> ResponseReturnValue:
    """Read a statement without headings by the columns that a person names; import it once seen."""
    form = ReviewForm()
    sample = sample_of(form.rows.data or "")
    if not form.validate() or not sample:
        flash("Cette page est trop ancienne\u00a0: recommencez avec le fichier.", "warning")
        return _back()
    chosen = ((place, request.form.get(f"column-{place}", "")) for place in range(MOST_COLUMNS))
    names, read = {place: name for place, name in chosen if name in NAMED}, None
    with form.refusals():
        read = read_columns(form.rows.data, names)
        if request.form.get("action") == "import":
            return _import(read)
    return _columns_page(form, sample, names, read), form.status_code


def _import_words(read: int, added: int, skipped: int) -> str:
    words = f"{plural(read, 'opération lue', 'opérations lues')}, "
    words += f"{plural(added, 'nouvelle', 'nouvelles')} à traiter."
    if read > added:
        words += f" {plural(read - added, 'était déjà là', 'étaient déjà là')}."
    if skipped:
        left = plural(
            skipped,
            "ligne sans date ou sans montant laissée",
            "lignes sans date ou sans montant laissées",
        )
        words += f" {left}."
    return words


def _back() -> ResponseReturnValue:
    return redirect(url_for("billing.statement"))


@blueprint.route(f"{PLACE}/<int:line_id>", methods=["GET", "POST"])
@only(Domain.MONEY)
def settle_line(line_id: int) -> ResponseReturnValue:
    line, edition = queries.get_line(line_id), get_request_edition()
    sales = queries.exhibitor_sales(edition)
    (proposals,) = queries.proposals_for(edition, [line], sales).values()
    form = _line_form(line, proposals, sales)
    if form.validate_on_submit():
        with form.refusals():
            flash(_settle(line, form, {match.key: match for match in proposals}), "success")
            return _back()
    body = render_template(
        "billing/settle_line.html",
        line=line,
        form=form,
        proposals=proposals,
        asks_surplus=isinstance(form.refusal, MoreThanDue),
    )
    return body, form.status_code


def _line_form(
    line: StatementLine, proposals: Sequence[Proposal], sales: Sequence[ExhibitorSales]
) -> LineForm:
    """Return the form of a line, prefilled with the first proposal."""
    first = proposals[0] if proposals else None
    document = first.documents[0] if first and first.documents else None
    form = LineForm(
        choice=first.key if first else LineForm.OTHER if line.amount > 0 else None,
        method=method_of(line, document).value,
        payer=line.payer,
    )
    form.choice.choices = [
        (
            proposal.key,
            f"{proposal_words(proposal, line)} ({proposal.certainty.label.lower()}\u00a0: "
            f"{reasons_words(proposal)})",
        )
        for proposal in proposals
    ]
    dues = (due for exhibitor in sales for due in exhibitor.dues.items())
    form.others.choices = list(due_choices(dues).items())
    form.document.choices = [("", "Choisissez une pièce")]
    if line.amount > 0:
        form.choice.choices.append((LineForm.OTHER, "Une autre pièce"))
        form.document.choices += _documents(sales)
    return form


def _documents(sales: Sequence[ExhibitorSales]) -> list[tuple[str, str]]:
    """Return the documents that money may come for, those with something due first."""
    rows = [
        (exhibitor.due(document), document)
        for exhibitor in sales
        for document in exhibitor.documents
        if document.kind != SalesKind.CREDIT_NOTE
    ]
    rows.sort(key=lambda row: (not row[0], row[1].exhibitor.name_key, row[1].id))
    return [
        (
            str(document.id),
            f"{document.reference}, {document.exhibitor.name}, "
            + (f"{euros(due)} à recevoir" if due else "rien à recevoir"),
        )
        for due, document in rows
    ]


def _settle(line: StatementLine, form: LineForm, proposals: dict[str, Proposal]) -> str:
    """Carry out what was chosen; return what was done, in words."""
    proposal = proposals.get(form.choice.data)
    if proposal is None or proposal.match == Match.RECEIPT:
        return _record(line, form, proposal)
    reason = f"Revenu à la banque\u00a0: {line.label}"[:200]
    if proposal.match == Match.RETURNED and proposal.payment:
        account = payments.cancel_payment(
            request_act(), proposal.payment.id, reason, line.booked_on, line
        )
        return f"Règlement annulé, revenu impayé. {account_words(account)}"
    if proposal.match == Match.REFUND_RETURNED and proposal.refund:
        account = payments.cancel_refund(
            request_act(), proposal.refund.id, reason, line.booked_on, line
        )
        return f"Remboursement annulé, revenu. {account_words(account)}"
    if proposal.match == Match.REFUND and proposal.payment:
        sent = SentRefund(
            -line.amount, PaymentMethod(form.method.data), line.booked_on, _reference(line)
        )
        account = payments.record_refund(request_act(), proposal.payment.id, sent, "", {}, line)
        return f"Remboursement de {euros(-line.amount)} enregistré. {account_words(account)}"
    statements.note_line(request_act(), line, proposal.payment, proposal.refund)
    return "L’opération est rapprochée de ce qui était déjà noté."


def _record(line: StatementLine, form: LineForm, proposal: Proposal | None) -> str:
    document_ids = [document.id for document in proposal.documents] if proposal else []
    document_ids = document_ids or [int(form.document.data), *form.others.data]
    received = ReceivedPayment(
        line.amount,
        PaymentMethod(form.method.data),
        line.booked_on,
        _reference(line),
        form.surplus.data,
        form.payer.data or "",
        document_ids,
    )
    account = payments.record_payment(request_act(), document_ids[0], received, "", {}, line)
    return f"Règlement de {euros(line.amount)} enregistré. {account_words(account)}"


def _reference(line: StatementLine) -> str:
    return (line.reference or line.label)[:LONGEST_REFERENCE]


@blueprint.post(f"{PLACE}/<int:line_id>/ecarter")
@only(Domain.MONEY)
def set_line_aside(line_id: int) -> ResponseReturnValue:
    try:
        statements.set_line_aside(request_act(), queries.get_line(line_id))
        flash("Opération écartée\u00a0: elle n’est pas du salon.", "success")
    except LineAlreadySettled as refusal:
        flash(refusal.message, "warning")
    return _back()


@blueprint.post(f"{PLACE}/<int:line_id>/reprendre")
@only(Domain.MONEY)
def reopen_line(line_id: int) -> ResponseReturnValue:
    statements.reopen_line(request_act(), queries.get_line(line_id))
    flash("L’opération est de nouveau à traiter. Ce qui était enregistré le reste.", "success")
    return _back()
