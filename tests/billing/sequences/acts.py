"""Acts on the sale of an exhibitor as a whole: agreements, who pays, the fair cancelled."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import func, select

from salon.billing.models import SalesDocument, SalesKind
from salon.billing.queries.batches import waiting_for
from salon.billing.queries.sales import find_billing, get_document
from salon.billing.services.batches import issue_together
from salon.billing.services.billing import Billing, save_billing
from salon.billing.services.sales import issue
from salon.fair.rules.standing import StandingAct
from salon.fair.services.standing import change_standing, standing_of
from salon.platform.database.act import Act
from salon.platform.database.consequences import Consequences
from salon.platform.database.db import current_session
from salon.platform.database.versions import stamp_of
from salon.platform.settings.clock import local, now
from salon.platform.words.errors import RuleBroken
from tests.billing.readers import spaced
from tests.billing.sales import ORGANISER
from tests.billing.sequences.checks import Checks, decimal, french
from tests.billing.sequences.model import (
    InvoiceModel,
    Line,
    OrderModel,
    PayerModel,
    bases_of,
    vat_of,
)
from tests.factories import act_in

PAYERS = (
    PayerModel(),
    PayerModel("Holding du Midi"),
    PayerModel("Holding du Midi", siret="44306184100047"),
    PayerModel("Holding du Midi", country="BE", vat_number="BE0428759497"),
    PayerModel("Régie d’Agde", siret="24340081900013"),
)
"""The first is the exhibitor itself; the second and the third are one buyer, but for its SIRET."""


def newest_id(table: Any) -> int:
    return current_session().scalars(select(func.max(table.id))).one()


class SaleActs(Checks):
    """`is_cancelled`: the fair is. `named`: the invoices that its cancellation named."""

    name: str
    is_cancelled = False
    named: Sequence[InvoiceModel] = ()

    @property
    def takes_part(self) -> bool:
        return self.sale.takes_part and not self.is_cancelled

    def order(self) -> None:
        """Quote and order; the order has what the model says that no invoice sells."""
        sale = self.sale
        issue(Act(ORGANISER), sale.exhibitor_id, SalesKind.QUOTE)
        order = issue(Act(ORGANISER), sale.exhibitor_id, SalesKind.ORDER)
        lines = {
            line.label: (int(line.net * 100), int(line.vat_rate * 100))
            for line in get_document(order.id).lines
        }
        if sale.orders:
            assert lines == sale.unsold()
        sale.quote()
        sale.orders.append(OrderModel(order.id, lines, sale.payer))

    def attempt(self, act: Callable[[], Any], is_allowed: bool) -> bool:
        """Do an act; one that the model refuses is refused with a sentence. Return whether done."""
        self.outcomes[self.name, is_allowed] += 1
        if is_allowed:
            act()
        else:
            with pytest.raises(RuleBroken) as refusal:
                act()
            assert refusal.value.message
        return is_allowed

    def add_invoice(self, order: OrderModel, nets: Sequence[Line], **facts: bool) -> None:
        """Add the newest invoice to the model: these lines, then the deposit of the order."""
        lines = dict(enumerate(nets, start=1))
        vat = {rate: vat_of(base, rate) for rate, base in bases_of(lines).items()}
        deposit = None if facts.get("is_deposit") else self.sale.deposit(order)
        if deposit is not None:
            for rate in sorted(deposit.vat, reverse=True):
                if base := deposit.base_left(rate):
                    lines[len(lines) + 1] = (-base, rate)
                vat[rate] -= deposit.vat_left(rate)
        invoice = InvoiceModel(newest_id(SalesDocument), order, lines, vat, **facts)
        self.sale.invoices.append(invoice)
        document = get_document(invoice.id)
        read = {
            line.rank: (int(line.net * 100), int(line.vat_rate * 100)) for line in document.lines
        }
        assert (read, document.gross) == (lines, decimal(invoice.gross))
        assert document.buyer["name"] == (order.payer.name or document.exhibitor.legal_name)
        self.check_xml(document)

    def quote_again(self) -> None:
        """Quote what no invoice sells, for who pays today, and agree."""
        sale = self.sale
        is_allowed = self.takes_part and not sale.is_closed and bool(sale.unsold())
        self.attempt(self.order, is_allowed)

    def change_payer(self, payer: PayerModel) -> None:
        sale = self.sale
        version = getattr(find_billing(sale.exhibitor_id), "version", 0)
        place = {"address": "1 rue du Port", "postal_code": "34300", "city": "Agde"}
        save_billing(Act(ORGANISER), sale.exhibitor_id, version, Billing(**vars(payer), **place))
        sale.payer = payer
        self.outcomes[self.name, True] += 1

    def change_fair(self, act: StandingAct) -> Consequences:
        stamp = stamp_of(standing_of(self.edition))
        return change_standing(act_in(self.edition, ORGANISER), act, stamp)

    def cancel_fair(self) -> None:
        """Cancel the fair: it names what is left of each invoice, and what each was paid."""
        consequences: Consequences = ()

        def cancel() -> None:
            nonlocal consequences
            consequences = self.change_fair(StandingAct.CANCEL)

        if self.attempt(cancel, not self.is_cancelled):
            self.is_cancelled = True
            self.named = [invoice for sale in self.sales for invoice in sale.live]
            paid = [sale.paid(row) for sale in self.sales for row in sale.live if sale.paid(row)]
            notes = self.sums_named(consequences, "Avoirs à établir")
            assert notes == sorted(french(invoice.asked) for invoice in self.named)
            returns = self.sums_named(consequences, "Règlements à rendre, une fois l’avoir établi")
            assert returns == sorted(map(french, paid))

    def sums_named(self, consequences: Consequences, label: str) -> list[str]:
        """Return the sums that a consequence names: « F-2027-0001, Ami, 12,50 € »."""
        (names,) = (row.names for row in consequences if row.label == label)
        return sorted(spaced(name).rpartition(", ")[2] for name in names)

    def reinstate_fair(self) -> None:
        """Let the fair take place: it names the invoices that were credited meanwhile."""
        consequences: Consequences = ()

        def reinstate() -> None:
            nonlocal consequences
            consequences = self.change_fair(StandingAct.REINSTATE)

        if self.attempt(reinstate, self.is_cancelled):
            self.is_cancelled = False
            label = "Factures annulées par un avoir, à établir de nouveau"
            credited = [invoice for invoice in self.named if not invoice.is_live]
            assert len(self.sums_named(consequences, label)) == len(credited)

    def credit_fair(self) -> None:
        """Credit all that a cancelled fair invoiced, together; nothing of any other."""
        batch = waiting_for(self.edition, SalesKind.CREDIT_NOTE, local(now()).date())
        outcomes = issue_together(Act(ORGANISER), batch, SalesKind.CREDIT_NOTE)
        assert not any(outcome.refusal for outcome in outcomes)
        live = [(sale, row) for sale in self.sales for row in sale.live if self.is_cancelled]
        asked = sum(row.amount for row in batch)
        assert (len(batch), asked) == (len(live), decimal(sum(row.asked for _, row in live)))
        for sale, invoice in reversed(live):
            sale.credit(invoice, invoice.left)
            sale.is_closed = True
        self.outcomes[self.name, bool(live)] += 1
