"""The regulations of the exhibitors as an A4 PDF, dated."""

from salon.exhibitors.models import ExhibitorTerms
from salon.fair.models import Edition
from salon.platform.documents.pdf.report import heading, paragraph, write_report
from salon.platform.documents.pdf.sheet import About
from salon.platform.words import formats

TITLE = "Règlement des exposants"


def write_regulations(edition: Edition, terms: ExhibitorTerms) -> bytes:
    """Return the regulations as a PDF; an article goes on overleaf when a page is full."""
    assert terms.regulations_dated_on is not None
    dated = f"Version du {formats.day(terms.regulations_dated_on)}"
    story = [
        paragraph(TITLE, 20, bold=True),
        paragraph(f"{edition.name}, {edition.day_label}, {edition.place}", 10.5, before=4),
        paragraph(dated, 10.5, before=4),
    ]
    for number, section in enumerate(terms.regulations, start=1):
        story.append(heading(f"{number}. {section['title']}", 12.5, before=16))
        lines = filter(str.strip, section["text"].splitlines())
        story += [paragraph(text, 10.5, before=4, leading=1.35) for text in lines]
    return write_report(
        story,
        About(
            f"{TITLE} – {edition.short_name}",
            edition.organiser,
            foot=[f"{edition.short_name}. {dated}."],
        ),
        margin=56,
    )
