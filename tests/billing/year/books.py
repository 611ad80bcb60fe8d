"""The FEC read as the administration describes it (LPF, art. A47 A-1), by the csv module alone."""

import csv
import io
import re
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

COLUMNS = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("CompAuxNum", "CompAuxLib", "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit"),
    *("EcritureLet", "DateLet", "ValidDate", "Montantdevise", "Idevise"),
]
FILLED = [
    *("JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib"),
    *("PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "ValidDate"),
]
Row = dict[str, str]


def rows_of(fec: bytes) -> list[Row]:
    """Return the lines of the file by column, each checked alone."""
    head, *lines = csv.reader(
        io.StringIO(fec.decode("utf-8"), newline=""), delimiter="\t", quoting=csv.QUOTE_NONE
    )
    assert head == COLUMNS
    rows = [dict(zip(head, line, strict=True)) for line in lines]
    for row in rows:
        assert all(row[name] for name in FILLED), row
        for name in ("EcritureDate", "PieceDate", "ValidDate"):
            assert re.fullmatch(r"2027(0[1-9]|1[0-2])[0-3]\d", row[name]), row
        assert row["EcritureDate"] <= row["ValidDate"], row
        for name in ("Debit", "Credit"):
            assert re.fullmatch(r"\d+,\d\d", row[name]), row
        assert (row["Debit"] == "0,00") != (row["Credit"] == "0,00"), row
        assert re.fullmatch(r"[1-7]\d{2}[0-9A-Z]*", row["CompteNum"]), row
        assert bool(row["CompAuxNum"]) == row["CompteNum"].startswith("411"), row
    return rows


def side_of(row: Row) -> Decimal:
    """Return the debit, or the credit as a negative."""
    debit, credit = (Decimal(row[name].replace(",", ".")) for name in ("Debit", "Credit"))
    return debit - credit


def check_entries(rows: Sequence[Row]) -> None:
    """Each entry balances; numbers are without gap, in the order in which they were validated."""
    balances: dict[int, Decimal] = defaultdict(Decimal)
    for row in rows:
        balances[int(row["EcritureNum"])] += side_of(row)
    assert set(balances.values()) == {Decimal(0)}
    assert list(balances) == list(range(1, len(balances) + 1))
    validated = [row["ValidDate"] for row in rows]
    assert validated == sorted(validated)
    sold = [row["EcritureDate"] for row in rows if row["JournalCode"] == "VE"]
    assert sold == sorted(sold)
    for column in ("JournalCode", "EcritureDate", "PieceRef", "ValidDate"):
        by_entry = {(row["EcritureNum"], row[column]) for row in rows}
        assert len(by_entry) == len(balances), f"an entry has two {column}"


def balances_of(rows: Sequence[Row], column: str = "CompteNum") -> dict[str, Decimal]:
    """Return the debits less the credits of each account, or of each customer's own."""
    balances: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        balances[row[column]] += side_of(row)
    return dict(balances)


def moved(rows: Sequence[Row], journal: str, account: str, side: str) -> Decimal:
    """Return the debits, or the credits, of an account in a journal."""
    amounts = (
        Decimal(row[side].replace(",", "."))
        for row in rows
        if row["JournalCode"] == journal and row["CompteNum"] == account
    )
    return sum(amounts, Decimal(0))


def check_series(references: Sequence[str]) -> None:
    """« F-2027-0001 » and those that follow, without gap nor double."""
    numbers = [int(reference.rsplit("-", 1)[1]) for reference in references]
    assert numbers == list(range(1, len(numbers) + 1)), references
