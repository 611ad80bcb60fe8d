"""The regulations of the exhibitors as an A4 PDF, dated. Lengths in points."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate

from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition
from salon.platform import formats
from salon.platform.pdf_text import printable

MARGIN = 56.0
TITLE = "Règlement des exposants"


def write_regulations(edition: Edition, terms: ExhibitorTerms) -> bytes:
    """Return the regulations as a PDF; an article goes on overleaf when a page is full."""
    assert terms.regulations_dated_on is not None
    dated = f"Version du {formats.day(terms.regulations_dated_on)}"
    stream = BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        title=f"{TITLE} – {edition.short_name}",
        author=edition.organiser,
        lang="fr-FR",
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 12,
    )
    story: list[Flowable] = [
        _paragraph(TITLE, 20, is_bold=True, before=0),
        _paragraph(f"{edition.name}, {edition.day_label}, {edition.place}", 10.5),
        _paragraph(dated, 10.5),
    ]
    for number, section in enumerate(terms.regulations, start=1):
        story.append(_paragraph(f"{number}. {section['title']}", 12.5, is_bold=True, before=16))
        story += [_paragraph(text, 10.5) for text in section["text"].splitlines() if text.strip()]

    def foot(canvas: Canvas, _: SimpleDocTemplate) -> None:
        text, font = printable(f"{edition.short_name}. {dated}. Page {canvas.getPageNumber()}")
        canvas.setFont(font, 8)
        canvas.drawString(MARGIN, MARGIN - 14, text)

    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


def _paragraph(text: str, size: float, is_bold: bool = False, before: float = 4) -> Paragraph:
    clean, font = printable(text, bold=is_bold)
    style = ParagraphStyle(
        font,
        fontName=font,
        fontSize=size,
        leading=size * 1.35,
        spaceBefore=before,
        keepWithNext=is_bold,
    )
    return Paragraph(escape(clean), style)
