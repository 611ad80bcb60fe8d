"""Read a bank statement: CSV or spreadsheet as French banks export it, or CAMT.053."""

import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from salon.platform.documents.spreadsheets.cells import YES_OR_NO
from salon.platform.documents.spreadsheets.reader import (
    ColumnsUnknown,
    Heading,
    UnreadableList,
    numbered_cells,
    read_list,
    text_of_file,
)
from salon.platform.words.amounts import AmountUnreadable, read_amount
from salon.platform.words.formats import plural
from salon.platform.words.texts import clean_name, folded
from untrusted_files import FileRefused
from untrusted_files.apart import Task, read_apart

MOST_LINES = 2_000
LONGEST_LABEL, LONGEST_PAYER, LONGEST_REFERENCE = 500, 120, 140
MOST_FAULTS = 5
XML = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\x00]*<")
EUROS = ("", "eur", "euro", "euros")
"""Words of a currency, folded: « € » is a sign."""
DEBITS = ("d", "debit", "dbit", "sortie", "depense")
LABELS = ("short_label", "label", "details", "more")
HEADINGS = (
    Heading(
        "booked_on",
        "Date",
        (
            *("date comptable", "date de comptabilisation", "date operation", "date d operation"),
            *("date de l operation", "date de l operation utc", "dateop", "date ecriture"),
            *("jour", "date valeur", "date de valeur"),
        ),
        is_required=True,
    ),
    Heading(
        "label",
        "Libellé",
        (
            *("libelle operation", "libelle de l operation", "libelle complet", "operation"),
            *("nature de l operation", "nature", "description", "designation", "intitule"),
            *("label", "motif", "libelle simplifie", "libelle court"),
        ),
        is_required=True,
    ),
    Heading("short_label", "Libellé simplifié", ("libelle court", "type operation")),
    Heading(
        "details",
        "Informations complémentaires",
        ("detail de l ecriture", "detail", "details", "libelle complementaire", "communication"),
    ),
    Heading("more", "Référence du client", ("motif de l operation", "message", "motif")),
    Heading(
        "amount",
        "Montant",
        (
            *("montant eur", "montant euro", "montant euros", "montant en euros", "montant en eur"),
            *("montant de l operation", "montant operation", "montant operation en euro"),
            *("montant de l operation en euro", "montant ttc", "amount"),
        ),
    ),
    Heading(
        "debit", "Débit", ("debit euros", "debit euro", "debit eur", "montant debit", "sortie")
    ),
    Heading(
        "credit",
        "Crédit",
        ("credit euros", "credit euro", "credit eur", "montant credit", "entree"),
    ),
    Heading("direction", "Sens", ("sens de l operation", "debit credit", "d c")),
    Heading(
        "payer",
        "Tiers",
        (
            *("nom de la contrepartie", "contrepartie", "donneur d ordre", "emetteur", "payeur"),
            *("nom du tiers", "beneficiaire"),
        ),
    ),
    Heading(
        "reference",
        "Référence",
        (
            "reference operation",
            "reference de l operation",
            "numero d operation",
            "ref",
            "identifiant",
        ),
    ),
    Heading("currency", "Devise", ("monnaie",)),
    Heading("is_return", "Retour"),
)
NAMED = {
    heading.name: heading.head
    for heading in HEADINGS
    if heading.name not in ("short_label", "details", "more", "currency", "is_return")
}
"""The columns that a person names where no heading does, and what they are called."""
SAMPLE, FEWEST_COLUMNS, MOST_COLUMNS = 8, 3, 30
"""Rows shown of a statement without headings; columns without which it is none, and with which."""
FULL_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4}|[0-9]{2})(?:[ T].*)?")
ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T].*)?")
SIGNED = re.compile(r"([+\u2212-]?)([0-9.,]+)([+\u2212-]?)")


@dataclass(frozen=True)
class ReadLine:
    """A line of a statement; `amount` is negative for a debit.

    `identity` is the same in each file where the line stands: a digest of its reference, else of
    its label, with its day, its amount and its rank among equals.
    """

    booked_on: date
    amount: Decimal
    label: str
    payer: str
    reference: str
    is_return: bool
    identity: str


@dataclass(frozen=True)
class ReadStatement:
    """The lines of a statement, the number of rows without a day or an amount left out."""

    lines: list[ReadLine]
    skipped: int


def read_statement(content: bytes) -> ReadStatement:
    """Return the lines of a statement. Raises UnreadableList, which names the wrong lines, and
    ColumnsUnknown where its headings do not say what they are."""
    return _read(text_of_statement(content))


def sample_of(text: str) -> list[list[str]]:
    """Return the first rows of a statement, as wide as its widest; none of what is no table."""
    rows = [cells for _, cells in numbered_cells(text) if any(cell.strip() for cell in cells)]
    width = max(map(len, rows[: MOST_LINES + SAMPLE]), default=0)
    if not FEWEST_COLUMNS <= width <= MOST_COLUMNS:
        return []
    return [[*cells, *[""] * (width - len(cells))] for cells in rows[:SAMPLE]]


def read_columns(text: str, names: Mapping[int, str]) -> ReadStatement:
    """Return the lines of a statement whose columns a person named, by their place.

    Raises UnreadableList.
    """
    chosen = Counter(names.values())
    if twice := [NAMED[name] for name, count in chosen.items() if count > 1]:
        raise UnreadableList(f"Deux colonnes ne peuvent être\u00a0: {', '.join(twice)}.")
    heads = [NAMED.get(names.get(place, ""), "") for place in range(MOST_COLUMNS)]
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerows([heads, *(cells for _, cells in numbered_cells(text))])
    return _read(stream.getvalue(), rows_before=1)


def _read(text: str, rows_before: int = 0) -> ReadStatement:
    """`rows_before`: those that the text has and the file has not."""
    file = read_list(text, HEADINGS, MOST_LINES, "aucune opération")
    columns = file.lines[0].cells.keys()
    if "amount" not in columns and not columns >= {"debit", "credit"}:
        raise ColumnsUnknown(
            "Ce relevé doit avoir une colonne «\u00a0Montant\u00a0», ou deux colonnes "
            "«\u00a0Débit\u00a0» et «\u00a0Crédit\u00a0»."
        )
    lines: list[ReadLine] = []
    ranks: Counter[tuple[str, ...]] = Counter()
    faults = []
    for row in file.lines:
        try:
            line = _line(row.cells, ranks)
        except ValueError as fault:
            faults.append(f"Ligne {row.number - rows_before}\u00a0: {fault}")
            continue
        if line is not None:
            lines.append(line)
    if faults:
        more = len(faults) - MOST_FAULTS
        rest = [f"Et {plural(more, 'autre ligne', 'autres lignes')}."] if more > 0 else []
        raise UnreadableList(" ".join([*faults[:MOST_FAULTS], *rest]))
    if not lines:
        raise UnreadableList("Ce relevé ne contient aucune opération.")
    return ReadStatement(lines, len(file.lines) - len(lines))


def text_of_statement(content: bytes) -> str:
    """Return the rows of a statement as text. Raises UnreadableList."""
    if not content.strip():
        raise UnreadableList("Ce fichier est vide.")
    if content.startswith((b"%PDF", b"OFXHEADER")):
        raise UnreadableList(
            "Ce fichier est un PDF ou un OFX\u00a0: demandez à votre banque le relevé au format "
            "CAMT.053, ou exportez-le en CSV."
        )
    if not XML.match(content):
        return text_of_file(content)
    try:
        return read_apart(Task.STATEMENT, content).decode()
    except FileRefused as refusal:
        raise UnreadableList(refusal.message) from None


def _line(cells: Mapping[str, str], ranks: Counter[tuple[str, ...]]) -> ReadLine | None:
    """Return a line; None for a title, a balance or a total. Raises ValueError with its fault."""
    day = cells["booked_on"].strip()
    if not any(character.isdigit() for character in day):
        return None
    amount = _amount_of(cells)
    if not amount:
        return None
    booked_on = _day_of(day)
    if folded(cells.get("currency", "")) not in EUROS:
        raise ValueError(f"elle est en {cells['currency']}, seuls les euros sont lus.")
    parts = [" ".join(clean_name(cells.get(name, "")).split()) for name in LABELS]
    label = " ".join(dict.fromkeys(filter(None, parts)))[:LONGEST_LABEL] or "Sans libellé"
    reference = clean_name(cells.get("reference", ""))[:LONGEST_REFERENCE]
    key = (reference or folded(label).replace(" ", ""), booked_on.isoformat(), f"{amount:.2f}")
    ranks[key] += 1
    return ReadLine(
        booked_on,
        amount,
        label,
        clean_name(cells.get("payer", ""))[:LONGEST_PAYER],
        reference,
        YES_OR_NO.get(folded(cells.get("is_return", "")), False),
        hashlib.sha256("\n".join([*key, str(ranks[key])]).encode()).hexdigest(),
    )


def _amount_of(cells: Mapping[str, str]) -> Decimal:
    """Return the signed amount of a line, zero where it has none."""
    if cells.get("amount", "").strip():
        amount = _signed(cells["amount"])
        return -abs(amount) if folded(cells.get("direction", "")) in DEBITS else amount
    debit, credit = (abs(_signed(cells.get(name, ""))) for name in ("debit", "credit"))
    if debit and credit:
        raise ValueError("elle a un débit et un crédit.")
    return credit - debit


def _signed(text: str) -> Decimal:
    """Return an amount as a bank writes it: « -1 234,56 », « 1.234,56 », « 12,50- », « 1.50 € »."""
    plain = "".join(text.split()).upper().removesuffix("EUR").removesuffix("€")
    if not plain:
        return Decimal(0)
    written = SIGNED.fullmatch(plain)
    if written is None:
        raise ValueError(f"le montant «\u00a0{text.strip()[:40]}\u00a0» ne se lit pas.")
    digits = written[2]
    if "," in digits and "." in digits:
        digits = digits.replace("." if digits.rindex(",") > digits.rindex(".") else ",", "")
    try:
        amount = read_amount(digits)
    except AmountUnreadable:
        raise ValueError(f"le montant «\u00a0{text.strip()[:40]}\u00a0» ne se lit pas.") from None
    return amount if {written[1], written[3]} <= {"", "+"} else -amount


def _day_of(text: str) -> date:
    if iso := ISO_DATE.fullmatch(text):
        year, month, day = iso.groups()
    elif written := FULL_DATE.fullmatch(text):
        day, month, year = written.groups()
    else:
        raise ValueError(f"la date «\u00a0{text[:40]}\u00a0» ne se lit pas.")
    try:
        return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
    except ValueError:
        raise ValueError(f"la date «\u00a0{text[:40]}\u00a0» n’existe pas.") from None
