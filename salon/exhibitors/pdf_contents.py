"""What a PDF holds besides its pages: programs and other files, which a paper has no use for."""

from collections.abc import Iterable
from enum import StrEnum

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject

MAX_OBJECTS = 20_000
"""A paper of 200 pages has a few thousand."""
PROGRAM_KEYS = ("/JS", "/JavaScript", "/XFA")
PROGRAM_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition")
FILE_KEYS = ("/EmbeddedFiles", "/EF", "/AF")
HARMLESS = ("/StructTreeRoot",)
"""The order of reading, for screen readers: vast, and nothing in it acts."""
FILE_NOTES = ("/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D")


class Extra(StrEnum):
    """Why a PDF is more than a paper."""

    PROGRAM = "program"
    FILE = "file"
    TOO_MUCH = "too_much"

    @property
    def message(self) -> str:
        return {
            "program": "Ce PDF contient un programme ou un formulaire actif. Imprimez-le "
            "«\u00a0vers un fichier PDF\u00a0», puis envoyez ce nouveau fichier.",
            "file": "Ce PDF contient d’autres fichiers. Enregistrez-le sans pièce jointe, "
            "et envoyez chaque document à part.",
            "too_much": "Ce PDF est trop complexe pour être vérifié. Imprimez-le "
            "«\u00a0vers un fichier PDF\u00a0», puis envoyez ce nouveau fichier.",
        }[self.value]


def extra_in(reader: PdfReader) -> Extra | None:
    """What the PDF holds that a paper does not, of all that can be reached from its root.

    Streams are not decoded. TOO_MUCH beyond MAX_OBJECTS: nobody reads a file without end.
    """
    waiting: list[PdfObject] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    looked = 0
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            name = (one.idnum, one.generation)
            target = one.get_object() if name not in seen else None
            seen.add(name)
            one = target if target is not None else NullObject()
        looked += 1
        if looked > MAX_OBJECTS:
            return Extra.TOO_MUCH
        if isinstance(one, DictionaryObject):
            found = _extra_of(one)
            if found is not None:
                return found
        waiting.extend(_held_by(one))
    return None


def _held_by(one: PdfObject) -> list[PdfObject]:
    """What may hold something in turn: numbers and words are left out, an array has thousands."""
    held: Iterable[PdfObject] = ()
    if isinstance(one, DictionaryObject):
        held = (value for key, value in one.items() if key not in HARMLESS)
    elif isinstance(one, ArrayObject):
        held = one
    return [two for two in held if isinstance(two, (IndirectObject, DictionaryObject, ArrayObject))]


def _extra_of(one: DictionaryObject) -> Extra | None:
    if any(key in one for key in PROGRAM_KEYS) or one.get("/S") in PROGRAM_ACTIONS:
        return Extra.PROGRAM
    if any(key in one for key in FILE_KEYS) or one.get("/Subtype") in FILE_NOTES:
        return Extra.FILE
    return None
