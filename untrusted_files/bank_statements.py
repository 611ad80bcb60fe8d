"""Bank statements in XML (ISO 20022, camt.053.001.02 to .08): their booked entries, as CSV."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from untrusted_files import FileRefused

COLUMNS = ("Date", "Montant", "Libellé", "Tiers", "Référence", "Devise", "Retour")
MAX_TEXT = 4_000_000
"""Bytes: twice those of the largest file."""
NO_STATEMENT = (
    "Nous n’arrivons pas à lire ce fichier XML. Demandez à votre banque le relevé au format "
    "CAMT.053, ou exportez-le en CSV."
)
NO_DOCTYPE = (
    "Ce fichier XML contient une déclaration DOCTYPE, qu’aucun relevé de banque ne contient. "
    "Demandez à votre banque le relevé au format CAMT.053, ou exportez-le en CSV."
)
TOO_LONG = "Ce relevé est trop long. Exportez une période plus courte."
LABELS = (
    *("RmtInf/Ustrd", "RmtInf/Strd/CdtrRefInf/Ref", "RmtInf/Strd/RfrdDocInf/Nb"),
    *("RmtInf/Strd/AddtlRmtInf", "Refs/EndToEndId", "AddtlTxInf", "RtrInf/AddtlInf"),
)
NO_REFERENCE = ("", "NOTPROVIDED", "NONREF")


class _Refusing(TreeBuilder):
    """Refuses a DOCTYPE before any of its entities is declared."""

    def doctype(self, name: str, public_id: str | None, system: str | None) -> None:
        raise FileRefused(NO_DOCTYPE)


def lines_of_statement(content: bytes) -> str:
    """Return the booked entries of a CAMT.053, with `;` between cells. Raises FileRefused.

    An entry of several transactions gives a line for each, if their amounts are given and make its
    own. Amounts are signed: negative for a debit. A day or an amount that is none stays unreadable.
    """
    try:
        parser = XMLParser(target=_Refusing())
        parser.feed(content)
        root: Element = parser.close()
    except (ParseError, LookupError, ValueError):
        raise FileRefused(NO_STATEMENT) from None
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    if root.find("BkToCstmrStmt") is None:
        raise FileRefused(NO_STATEMENT)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in root.iterfind("BkToCstmrStmt/Stmt/Ntry"):
        if (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK":
            writer.writerows(_rows(entry))
    if len(text.getvalue().encode()) > MAX_TEXT:
        raise FileRefused(TOO_LONG)
    return text.getvalue()


def _rows(entry: Element) -> Iterator[tuple[str, ...]]:
    day = next(
        (
            text[:10]
            for path in ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
            if (text := _text(entry, path))
        ),
        "0",
    )
    transactions = entry.findall("NtryDtls/TxDtls")
    total = _signed(entry, entry, "Amt")
    amounts = [
        _signed(transaction, entry, "Amt", "AmtDtls/TxAmt/Amt") for transaction in transactions
    ]
    if len(transactions) < 2 or None in amounts or sum(filter(None, amounts)) != total:
        amounts, groups = [total], [transactions]
    else:
        groups = [[transaction] for transaction in transactions]
    currency = entry.find("Amt")
    for amount, group in zip(amounts, groups, strict=True):
        label = " ".join([*_labels(group), _text(entry, "AddtlNtryInf")])
        payer = next(
            (name for part in group if (name := _party(part, is_in=(amount or 0) > 0))), ""
        )
        is_return = _text(entry, "RvslInd") in ("true", "1") or any(
            part.find("RtrInf") is not None for part in group
        )
        yield (
            day,
            "?" if amount is None else f"{amount:f}",
            " ".join(label.split()) or "Sans libellé",
            payer,
            _reference(entry, group),
            "" if currency is None else currency.get("Ccy", ""),
            "oui" if is_return else "",
        )


def _signed(part: Element, entry: Element, *paths: str) -> Decimal | None:
    """Return the amount of an entry or of one of its transactions, negative for a debit."""
    text = next((text for path in paths if (text := _text(part, path))), "")
    side = _text(part, "CdtDbtInd") or _text(entry, "CdtDbtInd")
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or side not in ("CRDT", "DBIT"):
        return None
    return -amount if side == "DBIT" else amount


def _labels(transactions: list[Element]) -> list[str]:
    texts = (
        (element.text or "").strip()
        for transaction in transactions
        for path in LABELS
        for element in transaction.findall(path)
    )
    return list(dict.fromkeys(text for text in texts if text not in NO_REFERENCE))


def _party(transaction: Element, *, is_in: bool) -> str:
    """Return the name of who paid, or was paid; of whom it was for, where the bank says so."""
    side = "Dbtr" if is_in else "Cdtr"
    paths = [
        f"RltdPties/{who}/{name}" for who in (f"Ultmt{side}", side) for name in ("Nm", "Pty/Nm")
    ]
    return " ".join(dict.fromkeys(text for path in paths if (text := _text(transaction, path))))


def _reference(entry: Element, transactions: list[Element]) -> str:
    """Return what the bank, else who paid, calls the transaction; "" for a batch of several."""
    paths = ("Refs/AcctSvcrRef", "Refs/TxId", "Refs/EndToEndId")
    parts = [(part, path) for path in paths for part in transactions if len(transactions) == 1]
    for part, path in [*parts, (entry, "AcctSvcrRef"), (entry, "NtryRef")]:
        if (text := _text(part, path)) not in NO_REFERENCE:
            return text
    return ""


def _text(element: Element, path: str) -> str:
    return " ".join((element.findtext(path) or "").split())
