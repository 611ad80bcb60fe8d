"""The structure of a tagged PDF: headings, paragraphs, tables and figures, in the order of reading
(ISO 32000-1, 14.7 and 14.8). ReportLab makes none; its document takes the one made here.

Each text is a paragraph unless it is drawn inside another element. What is drawn without text is
part of no element.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

GROUPS = frozenset({"Document", "Table", "TR"})
"""Elements that hold elements alone."""
MOST_PAGES = 20
"""Pages of the longest file that is tagged: thousands of badges are printed, not read."""


@dataclass(eq=False)
class Element:
    """An element of the structure. A kid is an element, or (marks of its page, rank among them)."""

    kind: str
    alternative: str = ""
    kids: list[object] = field(default_factory=list)


class TaggedCanvas(Canvas):
    """A canvas that notes what it draws. Its owner calls `note_page` after each page, and
    `write_structure` before the file is saved."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self._root = Element("Document")
        self._open = [self._root]
        self._marks: list[Element] = []
        """The element of each marked content of the current page."""
        self._noted: list[tuple[Any, list[Element]]] = []
        self._inside = 0
        """Depth of marked contents, artifacts and forms: nothing is marked inside them."""
        super().__init__(*arguments, **options)

    @contextmanager
    def element(self, kind: str, alternative: str = "") -> Iterator[None]:
        """Hold what is drawn meanwhile in an element of this kind."""
        self.begin(kind, alternative)
        yield
        self.end()

    def begin(self, kind: str, alternative: str = "") -> None:
        element = Element(kind, alternative)
        self._open[-1].kids.append(element)
        self._open.append(element)

    def end(self) -> None:
        self._open.pop()

    @contextmanager
    def marked(self) -> Iterator[None]:
        """Mark what is drawn meanwhile as a content of the open element, else as a paragraph."""
        if self._inside or len(self._noted) > MOST_PAGES:
            yield
            return
        element = self._open[-1]
        if element.kind in GROUPS:
            element.kids.append(element := Element("P"))
        element.kids.append((self._marks, len(self._marks)))
        with self._within(f"/{element.kind} <</MCID {len(self._marks)}>> BDC"):
            self._marks.append(element)
            yield

    @contextmanager
    def artifact(self) -> Iterator[None]:
        """Leave out of the reading what is drawn meanwhile: a foot, a repeated head."""
        with self._within("/Artifact BMC"):
            yield

    @contextmanager
    def _within(self, operator: str) -> Iterator[None]:
        self._code: list[str]
        self._code.append(operator)
        self._inside += 1
        yield
        self._inside -= 1
        self._code.append("EMC")

    def drawText(self, aTextObject: Any) -> None:
        with self.marked():
            super().drawText(aTextObject)

    def doForm(self, name: str) -> None:
        with self.marked():
            super().doForm(name)

    def beginForm(self, *arguments: Any, **options: Any) -> None:
        self._inside += 1
        super().beginForm(*arguments, **options)

    def endForm(self, **options: object) -> None:
        super().endForm(**options)
        self._inside -= 1

    def note_page(self) -> None:
        """Tie the page that was just ended to what it marked."""
        page = self._doc.Pages.pages[-1]  # type: ignore[attr-defined]
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents, page.Tabs = len(self._noted), PDFName("S")
        self._noted.append((page, self._marks))
        self._marks = []

    def write_structure(self) -> None:
        """Add the structure to the document, unless it is too long to be read."""
        if len(self._noted) > MOST_PAGES:
            return
        document: Any = self._doc  # type: ignore[attr-defined]
        root = PDFDictionary({"Type": PDFName("StructTreeRoot")})
        pages = {id(marks): document.Reference(page) for page, marks in self._noted}
        references: dict[int, Any] = {}

        def reference_of(element: Element, parent: Any) -> Any:
            node = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(element.kind)})
            references[id(element)] = own = document.Reference(node)
            node["P"] = parent
            if element.alternative:
                node["Alt"] = PDFString(element.alternative)
            node["K"] = PDFArray([kid_of(kid, own) for kid in element.kids])
            return own

        def kid_of(kid: Any, parent: Any) -> Any:
            if isinstance(kid, Element):
                return reference_of(kid, parent)
            marks, number = kid
            content = {"Type": PDFName("MCR"), "Pg": pages[id(marks)], "MCID": number}
            return PDFDictionary(content)

        root["K"] = reference_of(self._root, document.Reference(root))
        numbers: list[Any] = []
        for number, (_, marks) in enumerate(self._noted):
            numbers += [number, PDFArray([references[id(element)] for element in marks])]
        root["ParentTree"] = PDFDictionary({"Nums": PDFArray(numbers)})
        document.Catalog.StructTreeRoot = root
        document.Catalog.MarkInfo = PDFDictionary({"Marked": "true"})


@contextmanager
def element(canvas: Canvas, kind: str) -> Iterator[None]:
    """Hold what is drawn meanwhile in an element, where the canvas notes them."""
    if not isinstance(canvas, TaggedCanvas):
        yield
        return
    with canvas.element(kind):
        yield
