"""The organiser's money: who is at which step, what is late, the sales journal."""

from collections.abc import Iterator, Sequence
from datetime import date

from flask import Response, flash, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from salon.exhibitors.documents import sales_files
from salon.exhibitors.engine.ledger import BUCKETS, Standing, Step, aged, standing_of
from salon.exhibitors.forms.money import MoneyFilterForm
from salon.exhibitors.models import SalesDocument
from salon.exhibitors.queries import ledger as queries
from salon.exhibitors.queries.ledger import MoneyFilter
from salon.exhibitors.routes import blueprint
from salon.fair.queries import get_current_edition
from salon.platform.access import actor, only, page_asked, settings
from salon.platform.clock import local, now
from salon.platform.forms import filters_in_force
from salon.platform.identity import Role
from salon.platform.journal import note
from salon.platform.limits import count_try
from salon.platform.spreadsheets import csv_lines

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def today() -> date:
    return local(now()).date()


def attached(content: bytes | str | Iterator[bytes], name: str, media_type: str) -> Response:
    """A file that is saved, never opened in the site's pages."""
    response = Response(content, mimetype=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def filter_asked() -> tuple[MoneyFilterForm, MoneyFilter]:
    """The filter of the address. What it says wrongly filters nothing."""
    form = MoneyFilterForm(request.args)
    if not form.validate():
        return form, MoneyFilter()
    if form.q.data:
        count_try(f"search:{actor().key}", settings().searches_per_minute, 60)
    return form, MoneyFilter(form.q.data or "", form.step.data or "", form.buyer.data or "")


@blueprint.get("/organisation/facturation")
@only(Role.ORGANISER)
def money() -> ResponseReturnValue:
    asked = request.args.get("exhibitor", type=int)
    if asked is not None:
        return redirect(url_for("exhibitors.exhibitor_money", exhibitor_id=asked))
    edition = get_current_edition()
    form, wanted = filter_asked()
    return render_template(
        "exhibitors/money.html",
        form=form,
        active=filters_in_force(form),
        figures=queries.figures_of(edition, today()),
        page=queries.money_page(edition, wanted, today(), page_asked()),
        steps=Step,
    )


@blueprint.get("/organisation/facturation/echeances")
@only(Role.ORGANISER)
def ageing() -> ResponseReturnValue:
    edition = get_current_edition()
    notes = queries.credit_notes_by_invoice(edition)

    def standings(invoices: Sequence[SalesDocument]) -> list[tuple[SalesDocument, Standing]]:
        return [(one, standing_of(one, notes.get(one.id, ()), today())) for one in invoices]

    found = standings(queries.open_invoices(edition))
    public = [one for one in found if one[0].buyer.get("is_public")]
    private = [one for one in found if not one[0].buyer.get("is_public")]
    over = [one for one in standings(queries.overpaid_invoices(edition)) if one[1].surplus]
    return render_template(
        "exhibitors/ageing.html",
        groups=[
            (title, rows, aged(standing for _, standing in rows))
            for title, rows in (
                ("Entreprises et associations", private),
                ("Acheteurs publics", public),
            )
        ],
        overpaid=over,
        buckets=BUCKETS,
        total=aged(standing for _, standing in found)[-1],
        on=today(),
    )


@blueprint.get("/organisation/facturation/chorus-pro.zip")
@only(Role.ORGANISER)
def chorus_bundles() -> ResponseReturnValue:
    """Every invoice and credit note of public buyers; sent while it is made."""
    edition = get_current_edition()
    documents = queries.public_invoices(edition)
    if not documents:
        flash("Aucun acheteur public n’est encore facturé.", "warning")
        return redirect(url_for("exhibitors.money"))
    note(actor(), "sales.bundled", count=len(documents))
    sending = stream_with_context(
        sales_files.chorus_bundles(documents, edition, queries.origins_of(documents))
    )
    return attached(sending, "chorus-pro.zip", "application/zip")


@blueprint.get("/organisation/facturation/journal.csv")
@only(Role.ORGANISER)
def sales_journal_csv() -> ResponseReturnValue:
    from salon.exhibitors.documents.sales_journal import journal_rows

    note(actor(), "sales.exported", format="csv")
    documents = queries.journal_of(get_current_edition())
    heads, rows = journal_rows(documents, {one.id: one.reference for one in documents})
    text = "".join(csv_lines(heads, rows))
    return attached(text, "journal-des-ventes.csv", "text/csv")


@blueprint.get("/organisation/facturation/journal.xlsx")
@only(Role.ORGANISER)
def sales_journal_xlsx() -> ResponseReturnValue:
    from salon.exhibitors.documents.sales_journal import journal_rows, journal_workbook

    note(actor(), "sales.exported", format="xlsx")
    documents = queries.journal_of(get_current_edition())
    heads, rows = journal_rows(documents, {one.id: one.reference for one in documents})
    return attached(journal_workbook(heads, rows), "journal-des-ventes.xlsx", XLSX)
