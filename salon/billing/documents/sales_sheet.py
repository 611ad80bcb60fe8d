"""An A4 page on which texts are drawn from the top down. Lengths in points.

Text is drawn as it is: nothing in it is interpreted. Every font is embedded (PDF/A).
"""

import io

from reportlab.lib.colors import Color, HexColor

from salon.billing.documents import sales_mentions as words
from salon.billing.models import SalesDocument
from salon.platform.pdf.sheet import Sheet
from salon.platform.pdf.text import (
    ASCENT,
    LEADING,
    Block,
    draw,
    printable,
    width_of,
    wrap,
)

WIDTH, HEIGHT = 595.28, 841.89
LEFT, RIGHT = 48.0, WIDTH - 48.0
INK, SEA, GREY, SAND = (HexColor(code) for code in ("#14232E", "#0B5670", "#52606A", "#F6F1E7"))
LINE = HexColor("#C9CFD3")
FOOT = 84.0
"""Height reserved at the foot of each page for the issuer and the page number."""


class Paper:
    """A canvas with a current position on a current page."""

    def __init__(self, document: SalesDocument, pages: int) -> None:
        self.written = io.BytesIO()
        self.canvas = Sheet(
            self.written,
            (WIDTH, HEIGHT),
            title=f"{document.kind.label} {document.reference}",
            author=str(document.seller["name"]),
            invariant=1,
            pdfVersion=(1, 7),
        )
        self.document = document
        self.top = HEIGHT
        self.page = 1
        self.pages = pages

    def text(
        self,
        text: str,
        x: float,
        top: float,
        size: float = 9.5,
        *,
        bold: bool = False,
        width: float = RIGHT - LEFT,
        colour: Color = INK,
        right: bool = False,
    ) -> float:
        """Draw the text from `top` down, on as many lines as it needs; return where it ends.

        With `right`, `x` is where each line ends.
        """
        clean, name = printable(text, bold=bold)
        block = Block(tuple(wrap(clean, name, size, width)), name, size)
        self.canvas.setFillColor(colour)
        if not right:
            return draw(self.canvas, block, x, top)
        self.canvas.setFont(name, size)
        for row, line in enumerate(block.lines):
            start = x - width_of(line, name, size)
            self.canvas.drawString(start, top - (row * LEADING + ASCENT) * size, line)
        return top - block.height

    def wrapped(self, text: str, size: float, bold: bool, width: float) -> list[str]:
        """Return the lines that `text` would draw."""
        clean, name = printable(text, bold=bold)
        return wrap(clean, name, size, width)

    def rule(self, top: float, colour: Color = LINE, thickness: float = 0.6) -> None:
        self.canvas.setStrokeColor(colour)
        self.canvas.setLineWidth(thickness)
        self.canvas.line(LEFT, top, RIGHT, top)

    def box(self, x: float, top: float, width: float, height: float) -> None:
        self.canvas.setFillColor(SAND)
        self.canvas.roundRect(x, top - height, width, height, 4, stroke=0, fill=1)

    def room(self, height: float) -> bool:
        """Return whether this height fits above the foot of the page."""
        return self.top - height > FOOT

    def turn(self) -> None:
        """End this page and start another, under a short head."""
        self.foot()
        self.canvas.showPage()
        self.page += 1
        head = f"{self.document.kind.label} {self.document.reference}"
        self.text(head, LEFT, HEIGHT - 40, 11, bold=True, colour=SEA)
        self.top = HEIGHT - 70

    def finish(self) -> bytes:
        self.foot()
        self.canvas.showPage()
        self.canvas.save()
        return self.written.getvalue()

    def foot(self) -> None:
        """Draw the issuer and the page number."""
        seller = self.document.seller
        self.rule(FOOT - 24, LINE)
        parts = [seller["name"], f"{seller['address']}, {seller['postal_code']} {seller['city']}"]
        parts.append(f"SIRET {words.siret_words(seller['siret'])}")
        if seller.get("vat_number"):
            parts.append(f"TVA {seller['vat_number']}")
        self.text(" · ".join(parts), LEFT, FOOT - 32, 7.5, colour=GREY, width=RIGHT - LEFT - 60)
        self.text(
            f"Page {self.page} sur {self.pages}", RIGHT, FOOT - 32, 7.5, colour=GREY, right=True
        )
