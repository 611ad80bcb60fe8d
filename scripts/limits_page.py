"""Writes the table of docs/working-time.md from the code that holds the limits of working time.

python -m scripts.limits_page
"""

from salon.platform.settings.installation import ROOT
from salon.staffing.presenters.limits import HEADS, limit_rows

PATH = ROOT / "docs" / "working-time.md"
START, END = "<!-- la table -->\n", "<!-- fin -->\n"


def page() -> str:
    """Return the page with the table of today."""
    head, _, rest = PATH.read_text("utf-8").partition(START)
    tail = rest.partition(END)[2]
    rows = [HEADS, ("---",) * len(HEADS), *limit_rows()]
    lines = [f"| {' | '.join(cells)} |\n" for cells in rows]
    return "".join([head, START, *lines, END, tail])


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
