"""Statements of several banks, and files that are none."""

from datetime import date

import pytest

from salon.billing.imports.statements import read_statement
from salon.platform.documents.spreadsheets.reader import UnreadableList
from tests.billing.statements import samples
from tests.tables import each

DAY = date(2027, 2, 15)


@each(
    "content, lines",
    [
        (
            samples.CAISSE.encode("cp1252"),
            [
                "1234.56 ECLAIRAGE PLAINE VIR SEPA ECLAIRAGE DE LA PLAINE FACT F-2027-0012",
                "-12.50 FRAIS COTISATION COMPTE",
            ],
        ),
        (
            samples.AGRICOLE.encode("utf-8-sig"),
            [
                "2172.00 VIREMENT EN VOTRE FAVEUR MAIRIE DE BEZIERS MANDAT 417 F20270013",
                "-340.00 CHEQUE EMIS 0000012",
            ],
        ),
        (
            samples.POSTALE.encode("cp1252"),
            ["2172.00 VIREMENT DE CLOTURES DU MIDI", "-87.10 PRELEVEMENT ASSUREUR"],
        ),
        (samples.MUTUEL.encode("utf-16"), ["1234.56 VIR LES JARDINS", "-1200.00 LOYER"]),
        (samples.ONLINE.encode(), ["1000.00 VIR SEPA Éditions d'Oc"] * 2),
        (
            samples.GENERALE.encode("cp1252"),
            ["50.00 VIR RECU 1234 VIR RECU 1234 DE: SARL DUPONT MOTIF: F 2027 14 REF: 9X"],
        ),
        (samples.SIDES.encode(), ["10.00 Virement", "-2.00 Frais"]),
        (
            samples.CAMT_02,
            [
                "1234.56 FACTURE F-2027-0012",
                "100.00 F-2027-0013",
                "200.00 F-2027-0014",
                "80.00 x y",
                "-12.50 Sans libellé",
            ],
        ),
        (samples.CAMT_08, ["50.00 RF18F20270015"]),
    ],
    ids=lambda row: row[1][0],
)
def test_the_layouts_of_banks_are_read(content: bytes, lines: list[str]) -> None:
    statement = read_statement(content)
    assert [f"{line.amount} {line.label}" for line in statement.lines] == lines
    assert statement.lines[0].booked_on == DAY
    identities = [line.identity for line in statement.lines]
    assert len(set(identities)) == len(lines)
    assert [line.identity for line in read_statement(content).lines] == identities


def test_what_camt_says_more_is_read() -> None:
    first, *_, reversal = read_statement(samples.CAMT_02).lines
    assert (first.payer, first.reference) == ("Éclairage de la Plaine", "B1")
    assert (reversal.is_return, first.is_return) == (True, False)
    (line,) = read_statement(samples.CAMT_08).lines
    assert (line.payer, line.reference) == ("Ville DGFIP", "Z9")


def test_an_overlapping_statement_names_the_same_lines_alike() -> None:
    head, *rows = samples.ONLINE.splitlines()
    later = "\n".join([head, *rows, "2027-02-16;;VIR;;5,00;0004"]).encode()
    before = [line.identity for line in read_statement(samples.ONLINE.encode()).lines]
    assert [line.identity for line in read_statement(later).lines][:2] == before


def test_a_balance_is_no_line() -> None:
    text = "Date;Libellé;Montant\n15/02/2027;VIR;5\n;Solde;12\nTotal;;12\n15/02/2027;Solde;\n"
    statement = read_statement(text.encode())
    assert (len(statement.lines), statement.skipped) == (1, 3)


@each("name", samples.HOSTILE)
def test_a_file_that_is_no_statement_is_refused_in_words(name: str) -> None:
    with pytest.raises(UnreadableList) as refusal:
        read_statement(samples.HOSTILE[name])
    assert refusal.value.status == 400
    assert refusal.value.message.endswith(".")
    assert ("DOCTYPE" in refusal.value.message) == ("entit" in name)
