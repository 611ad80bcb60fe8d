"""What a treasurer does in a year, page after page, each step as the guide says it."""

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from salon.platform.settings.clock import paris
from tests.billing.pages import PAGE
from tests.billing.year.customers import BY_THE_SQUARE_METRE, Customer, Paper, Sums
from tests.billing.year.desk import Desk, plain_of
from tests.billing.year.statement import Line, csv_of
from tests.pages import PageClient

STATEMENT = f"{PAGE}/releve"
PRICES = (
    ("m2", "Stand équipé, m²", "area", "120", "20", "stand"),
    ("elec-3", "Branchement 3 kW", "power", "145", "20", "stand"),
    ("repas", "Déjeuner", "option", "22,73", "10", "catering"),
)
Jump = Callable[[datetime], None]


def euros(amount: Decimal) -> str:
    """Return « 1 234,50 € » as a page says it, blanks made plain."""
    return f"{amount:,.2f} €".replace(",", " ").replace(".", ",")


class Treasurer(Desk):
    def __init__(self, client: PageClient, jump: Jump) -> None:
        super().__init__(client)
        self.jump = jump

    def begin(self, part: str, on: date) -> None:
        """Begin a part of the year, at ten in the morning of its day."""
        self.part, self.on = part, on
        self.jump(paris(on, time(10)))

    def set_terms(self, fair_on: date) -> None:
        self.open("/organisation/reglages/exposants")
        said = self.press(
            "Enregistrer",
            applications_open_at="2026-10-01T09:00",
            applications_close_at="2027-01-15T18:00",
            answer_by_on="2027-01-20",
            payment_days="30",
            deposit_percent="30",
            deposit_due_on="2027-04-15",
            seller_name="AMF34",
            seller_address="1 place des Communes",
            seller_postal_code="34000",
            seller_city="Montpellier",
            seller_siret="776 067 787 00015",
            seller_vat_number="FR61776067787",
            seller_iban="FR76 3000 6000 0112 3456 7890 189",
        )
        assert "Les réglages sont enregistrés" in said

    def set_prices(self) -> None:
        self.open(PAGE)
        self.follow("Prix")
        for code, label, unit, price, rate, supply in PRICES:
            self.follow("Ajouter un prix")
            typed = {"code": code, "label": label, "unit": unit, "unit_price": price}
            if unit == "power":
                typed["power_kw"] = "3"
            self.press("Enregistrer le prix", vat_rate=rate, supply=supply, **typed)
            assert label in self.text

    def search(self, customer: Customer) -> None:
        """Find an exhibitor in the list, and open its page of money."""
        self.open(PAGE)
        self.press("Afficher", q=customer.name)
        self.follow(customer.name)

    def negotiate(self, sponsor: Customer, friend: Customer) -> None:
        grants = (
            (sponsor, {"code": "", "way": "free", "reason": "Parraine le déjeuner"}),
            (friend, {"code": "m2", "way": "amount", "value": "100", "reason": "Fidélité"}),
        )
        for customer, typed in grants:
            self.search(customer)
            self.follow("Négocier")
            self.follow("Négocier un prix")
            self.press("Accorder ce prix", **typed)

    def issue_together(self, link: str, pieces: Sequence[tuple[Customer, Sums]]) -> None:
        """Issue together what waits for these customers, once the names and sums are read."""
        self.open(PAGE)
        self.follow(link)
        self._read_and_confirm(pieces)
        assert "Pas établi" not in self.text

    def _read_and_confirm(self, pieces: Sequence[tuple[Customer, Sums]], **typed: Any) -> None:
        asked = self.press("Voir les noms et les montants", **typed)
        rows = [
            f"{customer.name}, {euros(sums.gross)}, client : {customer.name}, "
            for customer, sums in pieces
        ]
        assert [row for row in rows if row not in asked] == [], asked
        all_of_it = sum((sums.gross for _, sums in pieces), Decimal(0))
        assert f"{len(pieces)} pièces, {euros(all_of_it)} TTC en tout" in asked
        self.confirm()
        while self.main.xpath(".//section[@data-goes-on]"):
            self.press("Continuer")

    def confirm_on_paper(self, customers: Sequence[Customer]) -> None:
        """Confirm the orders of exhibitors whose agreements came by letter, each box ticked."""
        self.open(PAGE)
        self.follow("devis sans réponse")
        boxes = [
            self.main.xpath(f".//tr[contains(., '{customer.name}')]//input/@value")[0]
            for customer in customers
        ]
        self.clicks[self.part] += len(boxes)
        self._read_and_confirm(
            [(customer, customer.order) for customer in customers], chosen=boxes, way="paper"
        )
        assert "Pas confirmée" not in self.text

    def note_cheque(self, customer: Customer, invoice: Paper, number: str) -> None:
        self.search(customer)
        said = self.press(
            "Enregistrer le règlement",
            method="cheque",
            reference=number,
            amount=f"{invoice.gross}".replace(".", ","),
        )
        assert f"Règlement de {euros(invoice.gross)} enregistré" in said
        invoice.paid_on = self.on

    def withdraw(self, customer: Customer, percent: int) -> None:
        """Note that an exhibitor withdraws, and bill what the rules leave due."""
        self.open(customer.page.removesuffix("/facturation"))
        self.follow("Retirer la candidature")
        self.press("Retirer la candidature", reason="Vous ne venez plus.")
        self.open(customer.page)
        self.follow("Facturer ce qui reste dû")
        due = customer.order.share(percent)
        if customer.invoices:
            due = due.less(customer.invoices[0].sums)
        asked = self.press("Voir la facture", share=str(percent))
        assert f"{euros(due.gross)} TTC en tout" in asked, asked
        self.confirm()
        customer.invoice(due, self.on)
        assert "La vente est close" in self.text

    def cancel_fair(self) -> None:
        self.open("/organisation/reglages/reporter-ou-annuler")
        self.press("Voir ce que cela change", act="cancel")
        self.confirm()

    def reopen_fair(self) -> str:
        self.open("/organisation/reglages/reporter-ou-annuler")
        said = self.press("Voir ce que cela change", act="reinstate")
        self.confirm()
        return said

    def credit_whole(self, customer: Customer, then: str) -> None:
        """Take back an invoice whole, from the list that a cancelled fair proposes."""
        self.open(PAGE)
        self.follow("avoirs à établir")
        self.follow(customer.name)
        self.press("Émettre l’avoir", then=then, reason="Salon annulé")
        customer.replaced.append(customer.invoices[-1])
        customer.notes.append(Paper(customer.invoices[-1].sums, self.on))

    def invoice_again(self, customer: Customer) -> None:
        self.open(PAGE)
        self.press("Afficher", q=customer.name)
        self.follow(customer.name)
        if "Rouvrir la vente" in self.text:
            self.press("Rouvrir la vente")
            self.confirm()
        self.press("Établir la facture qui remplace")
        self.confirm()
        customer.invoice(customer.order, self.on)

    def sell_option(self, customer: Customer, label: str, price: Decimal) -> None:
        """Sell one thing more after the invoice: a line, its quote, its order, its invoice."""
        self.search(customer)
        self.follow("Négocier")
        self.follow("Ajouter une ligne")
        typed = {"label": label, "quantity": "1", "unit_price": f"{price}", "vat_rate": "20"}
        self.press("Ajouter la ligne", reason="Demandée par téléphone", **typed)
        self.open(customer.page)
        for button in ("devis complémentaire", "Confirmer la commande", "Établir la facture"):
            self.press(button)
            self.confirm()
        customer.invoice(Sums.of({Decimal(20): price}), self.on)
        assert euros(price * Decimal("1.2")) in self.text

    def record_services(self) -> None:
        self.open(f"{PAGE}/ensemble/factures")
        assert "6 acheteurs" in self.press("Enregistrer pour 6 acheteurs")

    def credit_a_metre(self, customer: Customer) -> None:
        """Take back a square metre billed too much, and pay it back."""
        self.search(customer)
        self.follow(f"Avoir sur {customer.invoices[-1].reference}")
        (first, *_) = self.main.xpath(".//input[@name='lines']/@value")
        self.press("Émettre l’avoir", lines=[first], quantity="1", reason="Un mètre de trop")
        customer.notes.append(Paper(Sums.of({Decimal(20): BY_THE_SQUARE_METRE}), self.on))
        assert f"{euros(customer.notes[-1].gross)} à rendre" in self.text
        self.follow("Enregistrer le remboursement")
        self.press("Enregistrer le remboursement", reference="VIR 900")
        assert "Tout est réglé" in self.text

    def download(self, words: str, near: str = "") -> bytes:
        return self.follow(words, near).get_data()

    def read_dues(self) -> None:
        self.open(PAGE)
        self.follow("Échéances")

    def dues(self) -> dict[tuple[str, Decimal], list[str]]:
        """Return the references that « Échéances » shows, by name and amount."""
        references: dict[tuple[str, Decimal], list[str]] = {}
        for row in self.main.xpath(".//table[.//th='Facture']/tbody/tr"):
            reference, _, words = plain_of(row.find("th")).partition(", ")
            key = " ".join(words.split()[:2]), amount_of(plain_of(row.find("td")))
            references.setdefault(key, []).append(reference)
        return references

    def name_invoices(self, customers: Sequence[Customer]) -> None:
        """Give each unpaid invoice the reference that « Échéances » shows beside it."""
        self.read_dues()
        references = self.dues()
        for customer in customers:
            for invoice in customer.unpaid:
                invoice.reference = references[customer.name, invoice.gross].pop(0)
        assert not any(references.values()), references

    def import_statement(self, lines: Sequence[Line]) -> str:
        self.open(STATEMENT)
        return self.press("Importer le relevé", file=(io.BytesIO(csv_of(lines)), "releve.csv"))

    def settle(self, line: Line) -> None:
        """Settle a line of the statement: one press where the page offers it, else its form."""
        if line.typed:
            self.follow("Choisir", near=line.label)
            assert "ce montant en compte" in self.press("Enregistrer", status=409, **line.typed)
            self.press("Enregistrer", surplus="y", **line.typed)
        else:
            self.press(line.press, near=line.label)
        for invoice in line.settles:
            invoice.paid_on = line.booked_on

    def print_counts(self) -> None:
        print()
        for part, clicks in [*self.clicks.items(), ("l’année", self.clicks.total())]:
            pages = self.pages[part] or self.pages.total()
            print(f"{part:24} {clicks:4} clics, {pages:4} pages")


def amount_of(text: str) -> Decimal:
    return Decimal(text.removesuffix("€").replace(" ", "").replace(",", "."))
