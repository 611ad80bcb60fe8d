"""The organiser's money pages: exhibitors by step, late invoices, the sales journal."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from salon.billing.actions import BillingAction
from salon.billing.documents import sales_files
from salon.billing.engine.ledger import (
    BUCKETS,
    InvoiceBalance,
    SaleStep,
    amounts_by_bucket,
    invoice_balance,
)
from salon.billing.forms import MoneyFilterForm
from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries import ledger as queries
from salon.billing.queries.batches import ready_for
from salon.billing.queries.ledger import MoneyFilter
from salon.billing.queries.receipts import in_favour_of, to_recover_from
from salon.billing.queries.sales import find_document
from salon.billing.routes import blueprint
from salon.exhibitors.engine.pricing import ZERO
from salon.fair.access import get_request_edition
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.pages.lists.address import filters_in_force, requested_filters, requested_page
from salon.platform.settings.clock import local, now
from salon.platform.web.access import actor, only
from salon.platform.web.long_answers import long_answer


def today() -> date:
    return local(now()).date()


def attached(content: bytes | str | Iterator[bytes], name: str, media_type: str) -> Response:
    """Return a file as a download, never displayed in the site's pages."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def attached_pdf(document: SalesDocument) -> Response:
    """Return the PDF of a document, as a download."""
    origin = find_document(document.from_id)
    content = sales_files.pdf_of(document, get_request_edition(), origin)
    return attached(content, sales_files.file_name(document), "application/pdf")


def attached_zip(files: Iterable[tuple[str, bytes]], name: str) -> Response:
    """Return files as a ZIP that is sent as they are made."""
    sending = stream_with_context(sales_files.zipped(files))
    return attached(sending, name, "application/zip")


@blueprint.get("/organisation/facturation")
@only(Domain.MONEY)
def money() -> ResponseReturnValue:
    exhibitor_id = request.args.get("exhibitor", type=int)
    if exhibitor_id is not None:
        return redirect(url_for("billing.exhibitor_money", exhibitor_id=exhibitor_id))
    edition = get_request_edition()
    form = MoneyFilterForm(request.args)
    filters = requested_filters(form, MoneyFilter)
    return render_template(
        "billing/money.html",
        form=form,
        active=filters_in_force(form),
        figures=queries.figures_of(edition, today()),
        to_credit=ready_for(edition, SalesKind.CREDIT_NOTE, today()),
        deposits=ready_for(edition, SalesKind.INVOICE, today(), as_deposit=True),
        favours=in_favour_of(edition),
        page=queries.money_page(edition, filters, today(), requested_page()),
        steps=SaleStep,
    )


@blueprint.get("/organisation/facturation/echeances")
@only(Domain.MONEY)
def ageing() -> ResponseReturnValue:
    edition = get_request_edition()
    notes = queries.credit_notes_by_invoice(edition)

    def standings(invoices: Sequence[SalesDocument]) -> list[tuple[SalesDocument, InvoiceBalance]]:
        return [
            (invoice, invoice_balance(invoice, notes.get(invoice.id, ()), today()))
            for invoice in invoices
        ]

    open_rows = standings(queries.open_invoices(edition))
    public = [row for row in open_rows if row[0].buyer.get("is_public")]
    private = [row for row in open_rows if not row[0].buyer.get("is_public")]
    favours = in_favour_of(edition)
    return render_template(
        "billing/ageing.html",
        groups=[
            (title, rows, amounts_by_bucket(standing for _, standing in rows))
            for title, rows in (
                ("Entreprises et associations", private),
                ("Acheteurs publics", public),
            )
        ],
        favours=favours,
        recoveries=to_recover_from(edition),
        in_favour=sum((amount for _, amount in favours), ZERO),
        buckets=BUCKETS,
        total=amounts_by_bucket(standing for _, standing in open_rows)[-1],
        on=today(),
    )


@blueprint.get("/organisation/facturation/chorus-pro.zip")
@only(Domain.MONEY)
@long_answer
def chorus_bundles() -> ResponseReturnValue:
    """Stream the files of every invoice and credit note of public buyers."""
    edition = get_request_edition()
    documents = queries.public_invoices(edition)
    if not documents:
        flash("Aucun acheteur public n’est encore facturé.", "warning")
        return redirect(url_for("billing.money"))
    note(actor(), BillingAction.SALES_BUNDLED, count=len(documents))
    files = sales_files.chorus_papers(documents, edition, queries.origins_of(documents))
    return attached_zip(files, "chorus-pro.zip")


@blueprint.get("/organisation/facturation/journal.<any(csv,xlsx):kind>")
@only(Domain.MONEY)
@long_answer
def sales_journal(kind: str) -> ResponseReturnValue:
    from salon.billing.documents.sales_journal import journal_table

    note(actor(), BillingAction.SALES_EXPORTED, format=kind)
    response = journal_table(queries.journal_of(get_request_edition())).download(
        "journal-des-ventes", kind
    )
    response.headers["Cache-Control"] = "no-store"
    return response
