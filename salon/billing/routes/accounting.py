"""What the accountant asks of a calendar year, whatever the edition: entries, VAT due, files."""

from collections.abc import Iterator

from flask import abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from salon.billing.actions import BillingAction
from salon.billing.documents import accounting_files
from salon.billing.documents.sales_files import papers
from salon.billing.engine.accounting import Entry
from salon.billing.engine.vat_due import sums_by_rate
from salon.billing.models import SalesDocument
from salon.billing.queries.accounting import Books, books_of, editions_left_out
from salon.billing.queries.ledger import origins_of
from salon.billing.routes import blueprint
from salon.billing.routes.overview import attached, attached_zip, today
from salon.exhibitors.engine.pricing import ZERO
from salon.fair.access import address_in, readable_editions
from salon.fair.models import Edition
from salon.platform.database.edition_scope import across_editions
from salon.platform.database.identity import Domain
from salon.platform.database.journal import note
from salon.platform.web.access import actor, only, stays_open
from salon.platform.web.long_answers import long_answer
from salon.platform.words.formats import MONTHS

PLACE = "/organisation/facturation/comptabilite"
YEAR = f"{PLACE}/<int:year>"
KIND = "<any(csv,xlsx):kind>"


def _editions() -> list[Edition]:
    return readable_editions(Domain.MONEY)


def _books() -> Books:
    return books_of([edition.id for edition in _editions()])


def _entries_of(year: int) -> list[Entry]:
    """Return the entries of a year; nothing is found where there are none."""
    entries = _books().entries_in(year)
    if not entries:
        abort(404)
    return entries


@blueprint.get(PLACE)
@only(Domain.MONEY)
@stays_open
def accounting() -> ResponseReturnValue:
    books = _books()
    years = books.years(today())
    year = request.args.get("annee", years[0], type=int)
    if year not in years:
        abort(404)
    return render_template(
        "billing/accounting.html",
        year=year,
        years=years,
        figures=books.figures(year),
        months=books.months(year),
        names=MONTHS,
        sirens=sorted({entry.siren for entry in books.entries_in(year)}),
        left_out=editions_left_out([edition.id for edition in _editions()], year),
    )


@blueprint.get(f"{YEAR}/<int:month>")
@only(Domain.MONEY)
@stays_open
def accounting_month(year: int, month: int) -> ResponseReturnValue:
    if not 1 <= month <= len(MONTHS):
        abort(404)
    dues = _books().vat_in(year, month)
    kept_editions = {edition.id: edition for edition in _editions()}
    addresses = {
        due.document.exhibitor_id: address_in(
            kept_editions[due.document.edition_id],
            "billing.exhibitor_money",
            exhibitor_id=due.document.exhibitor_id,
        )
        for due in dues
    }
    return render_template(
        "billing/accounting_month.html",
        title=f"TVA due en {MONTHS[month - 1]} {year}",
        back=url_for("billing.accounting", annee=year),
        dues=dues,
        rates=sums_by_rate(dues),
        total=sum((due.vat for due in dues), ZERO),
        addresses=addresses,
    )


@blueprint.get(f"{YEAR}/<siren>.txt")
@only(Domain.MONEY)
@stays_open
@long_answer
def entries_as_fec(year: int, siren: str) -> ResponseReturnValue:
    """Send the entries of one seller as a *fichier des écritures comptables*."""
    entries = [entry for entry in _entries_of(year) if entry.siren == siren]
    if not entries:
        abort(404)
    content = "".join(accounting_files.fec_lines(entries)).encode()
    note(actor(), BillingAction.SALES_ACCOUNTED, format="fec", year=year)
    return attached(content, accounting_files.fec_name(siren, year), "text/plain")


@blueprint.get(f"{YEAR}/ecritures.{KIND}")
@only(Domain.MONEY)
@stays_open
@long_answer
def entries_as_table(year: int, kind: str) -> ResponseReturnValue:
    table = accounting_files.entries_table(_entries_of(year))
    note(actor(), BillingAction.SALES_ACCOUNTED, format=kind, year=year)
    return table.download(f"ecritures-{year}", kind)


@blueprint.get(f"{YEAR}/encaissements.{KIND}")
@only(Domain.MONEY)
@stays_open
@long_answer
def receipts_as_table(year: int, kind: str) -> ResponseReturnValue:
    table = accounting_files.receipts_table(_books().payments, year)
    note(actor(), BillingAction.SALES_ACCOUNTED, format=kind, year=year)
    return table.download(f"encaissements-{year}", kind)


@blueprint.get(f"{YEAR}/ventes.{KIND}")
@only(Domain.MONEY)
@stays_open
@long_answer
def sales_as_table(year: int, kind: str) -> ResponseReturnValue:
    from salon.billing.documents.sales_journal import journal_table

    note(actor(), BillingAction.SALES_ACCOUNTED, format=kind, year=year)
    return journal_table(_books().documents_in(year)).download(f"ventes-{year}", kind)


@blueprint.get(f"{YEAR}/pieces.zip")
@only(Domain.MONEY)
@stays_open
@long_answer
def papers_of_year(year: int) -> ResponseReturnValue:
    """Stream the PDF of every invoice and credit note of a year."""
    count = len(_books().documents_in(year))
    if not count:
        abort(404)
    note(actor(), BillingAction.SALES_ACCOUNTED, format="zip", year=year, count=count)
    return attached_zip(_papers_of(_books().documents_in(year)), f"pieces-{year}.zip")


def _papers_of(documents: list[SalesDocument]) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the PDF of each document, whatever its edition, as they are sent."""
    editions = {edition.id: edition for edition in _editions()}
    with across_editions():
        yield from papers(documents, editions, origins_of(documents))
