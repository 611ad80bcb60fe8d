"""What a line of a bank statement is proposed as, case by case."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest

from salon.billing.engine.bank_matching import (
    Certainty,
    ExhibitorSales,
    Match,
    Proposal,
    can_be_confirmed_at_once,
    proposals,
)
from salon.billing.engine.bank_words import is_written, named_in
from salon.billing.models import (
    Allocation,
    Payment,
    PaymentMethod,
    Refund,
    SalesDocument,
    SalesKind,
    StatementLine,
)
from salon.exhibitors.models import Exhibitor
from tests.tables import each

DAY = date(2027, 2, 15)
LETTERS = {SalesKind.INVOICE: "F", SalesKind.QUOTE: "D", SalesKind.ORDER: "C"}
IDS = count(1)


def document(
    exhibitor: Exhibitor, number: int, gross: str, kind: SalesKind = SalesKind.INVOICE
) -> SalesDocument:
    return SalesDocument(
        id=next(IDS),
        exhibitor_id=exhibitor.id,
        exhibitor=exhibitor,
        kind=kind,
        reference=f"{LETTERS[kind]}-2027-{number:04d}",
        issued_on=DAY,
        due_on=DAY,
        gross=Decimal(gross),
        buyer={"name": exhibitor.legal_name},
    )


def receipt(invoice: SalesDocument, amount: str, pays: str = "0", *, days: int = 0) -> Payment:
    payment = Payment(
        id=next(IDS),
        document=invoice,
        amount=Decimal(amount),
        method=PaymentMethod.TRANSFER,
        received_on=DAY - timedelta(days=days),
        payer="",
        reference="",
    )
    if Decimal(pays):
        Allocation(payment=payment, document=invoice, amount=Decimal(pays))
    return payment


def exhibitor(name: str, legal_name: str = "") -> Exhibitor:
    return Exhibitor(id=next(IDS), name=name, legal_name=legal_name or name)


@pytest.fixture(scope="module")
def fair() -> list[ExhibitorSales]:
    """Return five buyers: two invoices, one, a quote, one paid twice, one of the same amount."""
    plain = exhibitor("Éclairage de la Plaine", "SARL ECLAIRAGE DE LA PLAINE")
    town = exhibitor("Ville de Béziers", "COMMUNE DE BEZIERS")
    deposit = exhibitor("Les Jardins d’Oc")
    twice = exhibitor("Clôtures du Midi")
    same = exhibitor("EDF")
    two = [document(plain, 12, "1200.00"), document(plain, 13, "300.50")]
    settled = document(twice, 14, "900.00")
    paid = [receipt(settled, "900.00", "900.00", days=40), receipt(settled, "850.00", days=3)]
    refund = Refund(
        id=next(IDS), amount=Decimal("77.00"), refunded_on=DAY, payment=paid[1], reference=""
    )
    paid[1].refunds = [refund]
    return [
        ExhibitorSales.of(two, []),
        ExhibitorSales.of([document(town, 7, "2172.00")], []),
        ExhibitorSales.of([document(deposit, 3, "640.00", SalesKind.QUOTE)], []),
        ExhibitorSales.of([settled], paid),
        ExhibitorSales.of([document(same, 15, "1200.00")], []),
    ]


def found(
    fair: list[ExhibitorSales], amount: str, label: str, payer: str = "", **more: bool
) -> list[Proposal]:
    line = StatementLine(
        amount=Decimal(amount), label=label, payer=payer, reference="", booked_on=DAY, **more
    )
    return proposals(line, fair, ())


def words(proposal: Proposal) -> str:
    numbers = [row.reference[-2:] for row in proposal.documents] or [proposal.document.reference]
    return f"{proposal.match} {proposal.certainty} {' '.join(numbers)}"


@each(
    "amount, label, payer, first, at_once",
    [
        ("1200.00", "VIR FACT 2027 12", "", "receipt sure 12", True),
        ("1200.00", "vir f2027-0012", "EDF", "receipt sure 12", True),
        ("1500.50", "VIR F-2027-0012", "", "receipt sure 12 13", True),
        ("1500.50", "F-2027-0012 F-2027-0013", "", "receipt sure 12 13", True),
        ("1500.50", "VIR SEPA SARL ECLAIRAGE DE LA PL", "", "receipt likely 12 13", True),
        ("300.50", "VIREMENT", "Eclairages de la Plaine", "receipt likely 13", True),
        ("1200.00", "VIREMENT", "", "receipt possible 12", False),
        ("1200.00", "VIR SEPA EDF", "", "receipt likely 15", True),
        ("1000.00", "FACTURE F-2027-0012", "", "receipt likely 12", False),
        ("2400.00", "F-2027-0012 F-2027-0015", "", "receipt sure 12 15", True),
        ("3372.00", "F-2027-0007 ET F-2027-0015", "EDF", "receipt sure 07 15", True),
        ("3372.00", "F-2027-0007", "EDF", "receipt likely 07", False),
        ("10.00", "VIR ECLAIRAGE DE LA PLAINE", "", "receipt possible 12 13", False),
        ("2172.00", "MANDAT 417 PAIEMENT F-2027-0 007", "DGFIP", "receipt sure 07", True),
        ("2172.00", "REGLEMENT DE VOTRE FACTURE F-2027-00", "", "receipt sure 07", True),
        ("640.00", "devis 2027/3 acompte", "", "receipt sure 03", True),
        ("900.00", "FACT F-2027-0014", "", "receipt possible 14", False),
        ("850.00", "CLOTURES DU MIDI", "", "noted likely F-2027-0014", True),
        ("850.00", "CLOTURES DU MIDI F-2027-0014", "", "noted sure F-2027-0014", True),
        ("850.00", "VIREMENT", "", "noted possible F-2027-0014", False),
        ("-773.00", "VIR EMIS CLOTURES DU MIDI", "", "refund likely F-2027-0014", True),
        ("-773.00", "VIR EMIS", "", "refund possible F-2027-0014", False),
        ("-900.00", "REJET VIR F-2027-0014", "", "returned sure F-2027-0014", True),
        ("-900.00", "CHEQUE IMPAYE CLOTURES DU MIDI", "", "returned likely F-2027-0014", True),
        ("-900.00", "CHEQUE IMPAYE", "", "returned possible F-2027-0014", False),
        ("-77.00", "VIR EMIS CLOTURES DU MIDI", "", "refund_noted likely F-2027-0014", True),
        ("77.00", "RETOUR VIR CLOTURES DU MIDI", "", "refund_returned likely F-2027-0014", True),
        ("5.55", "VIREMENT DE MARTIN", "", "", False),
        ("1200.00", "Le 05/12/2027, 12 chaises", "", "receipt possible 12", False),
        ("-900.00", "LOYER", "", "", False),
    ],
    ids=lambda row: f"{row[0]} {row[1]}",
)
def test_a_line_is_proposed_with_its_certainty(
    fair: list[ExhibitorSales], amount: str, label: str, payer: str, first: str, at_once: bool
) -> None:
    matches = found(fair, amount, label, payer)
    assert (words(matches[0]) if matches else "") == first
    assert can_be_confirmed_at_once(matches, Decimal(amount)) is at_once


def test_two_that_are_equally_sure_are_none(fair: list[ExhibitorSales]) -> None:
    matches = found(fair, "1200.00", "F-2027-0012 F-2027-0015")
    assert [words(match) for match in matches] == ["receipt likely 12", "receipt likely 15"]
    assert not can_be_confirmed_at_once(matches, Decimal(1200))


def test_what_was_noted_meanwhile_is_not_recorded_at_once(fair: list[ExhibitorSales]) -> None:
    """The same buyer has another invoice of the same amount."""
    twice = fair[3]
    owner = twice.documents[0].exhibitor
    more = document(owner, 16, "850.00")
    both = ExhibitorSales.of([*twice.documents, more], twice.payments)
    matches = found([both], "850.00", "F-2027-0016")
    assert [words(match) for match in matches] == [
        "receipt sure 16",
        "noted possible F-2027-0014",
    ]
    assert not can_be_confirmed_at_once(matches, Decimal(850))


def test_a_reversal_of_the_bank_needs_no_word(fair: list[ExhibitorSales]) -> None:
    matches = found(fair, "-900.00", "CLOTURES DU MIDI", is_return=True)
    assert words(matches[0]) == "returned likely F-2027-0014"


def test_a_receipt_of_a_statement_is_noted_once(fair: list[ExhibitorSales]) -> None:
    payment = fair[3].payments[1]
    line = StatementLine(
        amount=payment.amount, label="CLOTURES DU MIDI", payer="", reference="", booked_on=DAY
    )
    matches = proposals(line, fair, {payment})
    assert Match.NOTED not in {match.match for match in matches}
    assert all(match.certainty == Certainty.POSSIBLE for match in matches)


@each(
    "text, is_of_12",
    [
        ("f 2027 0012", True),
        ("facture n 2027 12", True),
        ("f20270012", True),
        ("fact27 12", True),
        ("vir 20270012 x", True),
        ("f 2027 0 012", True),
        ("f 2027 0123", False),
        ("f 2026 0012", False),
        ("2027 12", False),
        ("tarif 2027 12", False),
        ("f 12", False),
    ],
)
def test_a_reference_is_read_as_people_write_it(text: str, is_of_12: bool) -> None:
    invoice = document(exhibitor("X"), 12, "1")
    assert is_written(invoice, text) is is_of_12


@each(
    "text, is_of",
    [
        ("VIR SEPA MAIRIE DE BEDARIEUX", 1),
        ("MAIRIE BEZIERS TRESORERIE", 0),
        ("MAIRIE", None),
        ("EDF", 2),
        ("EDFI", None),
    ],
)
def test_a_name_is_read_as_a_bank_writes_it(text: str, is_of: int | None) -> None:
    names = [("mairie beziers",), ("mairie bedarieux",), ("edf",)]
    assert named_in([text], names) == (set() if is_of is None else {is_of})
