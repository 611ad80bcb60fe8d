"""Writes the table of docs/vat.md from the code that decides of VAT.

python -m scripts.vat_page
"""

from salon.billing.presenters.vat_table import vat_rows
from salon.platform.settings.installation import ROOT

PATH = ROOT / "docs" / "vat.md"
START, END = "<!-- la table -->\n", "<!-- fin -->\n"
HEADS = ("Émetteur", "Acheteur", "Vente", "Taux", "Article", "Mention imprimée", "Factur-X")


def page() -> str:
    """Return the page with the table of today."""
    head, _, rest = PATH.read_text("utf-8").partition(START)
    tail = rest.partition(END)[2]
    return "".join([head, START, *(f"| {' | '.join(cells)} |\n" for cells in rows()), END, tail])


def rows() -> list[tuple[str, ...]]:
    cells: list[tuple[str, ...]] = [HEADS, ("---",) * len(HEADS)]
    for row in vat_rows():
        sides = ("<br>".join(labels) for labels in (row.sellers, row.buyers, row.supplies))
        treatment = row.treatment
        said = (treatment.rate.label, treatment.article, treatment.mention, row.codes)
        cells.append((*sides, *said))
    return cells


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
