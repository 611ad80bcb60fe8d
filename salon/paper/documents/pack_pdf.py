"""The paper pack as a PDF: drawn page by page, so that 60,000 people cost little memory.

All text is drawn with drawString: nothing in a name is interpreted.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable

from salon.paper.documents import pdf_cover, pdf_lists
from salon.paper.documents.pdf_frame import LEFT, ROOM, head
from salon.paper.engine.paging import Group, Heading, paged
from salon.paper.presenters.content import CheckInLine, Content, Facts
from salon.platform.documents.pdf.sheet import About, Sheet
from salon.platform.words.formats import plural
from salon.platform.words.typography import of

rl_config.useA85 = 0

IN_HAND = 12
"""Pages whose lines are read at once."""

TYPE_BACK = "Ressaisir cette\nfeuille\u00a0: ce code"
OPEN = "Cette page\nà l’écran\u00a0: ce code"

Lines = Mapping[int, CheckInLine]


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its part, the badges of its lines, and the function that draws it."""

    part: str
    badge_ids: tuple[int, ...]
    draw: Callable[[Canvas, Lines, str], None]


def write_pack(
    stream: BinaryIO,
    content: Content,
    address_of: Callable[[int], str],
    lines_of: Callable[[Sequence[int]], Lines],
    on_progress: Callable[[int, int], None],
) -> list[tuple[int, ...]]:
    """Write the file; return the badges of each page, in order.

    `address_of`: the address in a page's QR code. `on_progress`: called with (pages drawn, pages).
    """
    facts = content.facts
    pages = _pages(content)
    first_pages = _first_pages(pages)
    starts = {page: title for title, page in first_pages}
    moment = f"{facts.fair}, {facts.day} – imprimé le {facts.made_at}"
    sheet = Sheet(
        About(
            f"Dossier papier n° {facts.number} – {facts.day}",
            facts.organiser,
            foot=[f"Dossier n°\u00a0{facts.number} – {moment}"],
            is_reproducible=True,
        ),
        stream,
        total=len(pages) + 1,
        margin=LEFT,
        pageCompression=1,
    )
    sheet.bookmark = "Que faire, urgences, portes"
    pdf_cover.cover(sheet, facts, first_pages, address_of(1))
    sheet.showPage()
    number = 1
    for part in _in_parts(pages, IN_HAND):
        lines = lines_of([badge_id for page in part for badge_id in page.badge_ids])
        for page in part:
            number += 1
            sheet.bookmark = starts.get(number, "")
            page.draw(sheet, lines, address_of(number))
            sheet.showPage()
        on_progress(number, len(pages) + 1)
    sheet.save()
    return [(), *(page.badge_ids for page in pages)]


def _pages(content: Content) -> list[Page]:
    facts = content.facts
    by_name = f"Liste par nom\u00a0: {plural(facts.people, 'inscrit')}"
    return [
        *_lists(by_name, content.by_name, True),
        *_lists("Liste par commune, puis EPCI et organismes", content.by_place, False),
        *_grouped(
            "Planning de chaque stand",
            content.rota_version,
            content.rota,
            pdf_lists.rota_row,
        ),
        *_grouped(
            "Rendez-vous de chaque agent",
            "«\u00a0?\u00a0» après l’heure\u00a0: la personne doit encore choisir.",
            content.meetings,
            pdf_lists.meeting_row,
        ),
        *(
            Page("Fiches d’inscription sur place", (), partial(_slips, facts, page))
            for page in range(pdf_cover.SLIP_PAGES)
        ),
    ]


def _lists(title: str, groups: Sequence[Group[int]], by_letter: bool) -> Iterator[Page]:
    pages = paged(groups, pdf_lists.LIST_ROOM, pdf_lists.HEADING, lambda row: pdf_lists.ROW)
    for rows in pages:
        ids = tuple(row for row in rows if not isinstance(row, Heading))
        yield Page(title, ids, partial(_check_in, title, rows, by_letter))


def _check_in(
    title: str,
    rows: Sequence[Heading | int],
    by_letter: bool,
    canvas: Canvas,
    lines: Lines,
    address: str,
) -> None:
    names = [row.words for row in rows if isinstance(row, Heading)]
    places = names[0] if len(names) == 1 else f"{of(names[0])} à {names[-1]}"
    subtitle = pdf_lists.span_of(rows, lines) if by_letter else places
    head(canvas, title.partition(",")[0].partition("\u00a0:")[0], subtitle, address, TYPE_BACK)
    pdf_lists.check_in_page(canvas, rows, lines, says_place=by_letter)


def _grouped(
    title: str,
    subtitle: str,
    groups: Sequence[Group[Any]],
    row_of: Callable[[Any], Flowable],
) -> Iterator[Page]:
    def height_of(line: object) -> float:
        return pdf_lists.row_height(row_of(line))

    for rows in paged(groups, ROOM, pdf_lists.HEADING, height_of):

        def draw(canvas: Canvas, lines: Lines, address: str, rows: Sequence[object] = rows) -> None:
            head(canvas, title, subtitle, address, OPEN)
            pdf_lists.grouped_page(canvas, rows, row_of)

        yield Page(title, (), draw)


def _slips(facts: Facts, page: int, canvas: Canvas, lines: Lines, address: str) -> None:
    subtitle = "Une fiche par personne. Au retour du réseau, l’accueil inscrit et fait entrer."
    head(canvas, "Inscription sur place", subtitle, address, OPEN)
    pdf_cover.slips(canvas, facts, page)


def _first_pages(pages: Sequence[Page]) -> list[tuple[str, int]]:
    """Return (part, its first page) in order; the cover is page 1."""
    first_pages: dict[str, int] = {}
    for number, page in enumerate(pages, 2):
        first_pages.setdefault(page.part, number)
    return list(first_pages.items())


def _in_parts(pages: Sequence[Page], size: int) -> Iterator[list[Page]]:
    left = iter(pages)
    while part := list(islice(left, size)):
        yield part
