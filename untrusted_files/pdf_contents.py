"""Content of a PDF besides its pages: programs and other files, which a document does not need."""

import re
from collections.abc import Iterable
from enum import StrEnum

from pypdf import PdfReader
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NullObject,
    PdfObject,
    StreamObject,
)

MAX_OBJECTS = 20_000
"""A paper of 200 pages has a few thousand."""
PROGRAM_KEYS = ("/JS", "/JavaScript", "/XFA")
PROGRAM_ACTIONS = ("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition")
OPENING, EVENTS = "/OpenAction", "/AA"
"""An action, and actions by their event, that a viewer carries out before any click."""
OUTSIDE_ACTIONS = ("/GoToR", "/GoToE", "/Thread")
"""They open another file, which may lie on a network share: a viewer then signs in to it."""
OUTSIDE_KEYS = ("/FS", "/Ref")
"""A file specification, and a page of another file."""
WEB_SCHEMES = ("http", "https", "mailto", "tel")
SCHEME = re.compile(r"([a-z][a-z0-9+-]*):")
FILE_KEYS = ("/EmbeddedFiles", "/EF", "/AF")
HARMLESS = ("/StructTreeRoot",)
"""The order of reading, for screen readers: vast, and nothing in it acts."""
FILE_NOTES = ("/FileAttachment", "/RichMedia", "/Movie", "/Screen", "/3D")


class Extra(StrEnum):
    """Why a PDF is more than a paper."""

    PROGRAM = "program"
    FILE = "file"
    OUTSIDE = "outside"
    TOO_MUCH = "too_much"

    @property
    def message(self) -> str:
        return {
            "program": "Ce PDF contient un programme ou un formulaire actif. Imprimez-le "
            "«\u00a0vers un fichier PDF\u00a0», puis envoyez ce nouveau fichier.",
            "file": "Ce PDF contient d’autres fichiers. Enregistrez-le sans pièce jointe, "
            "et envoyez chaque document à part.",
            "outside": "Ce PDF renvoie à un fichier qui n’est pas dedans. Imprimez-le "
            "«\u00a0vers un fichier PDF\u00a0», puis envoyez ce nouveau fichier.",
            "too_much": "Ce PDF est trop complexe pour être vérifié. Imprimez-le "
            "«\u00a0vers un fichier PDF\u00a0», puis envoyez ce nouveau fichier.",
        }[self.value]


def extra_in(reader: PdfReader) -> Extra | None:
    """Return the content that a document does not need, among all objects reached from the root.

    Streams are not decoded. TOO_MUCH beyond MAX_OBJECTS: nobody reads a file without end.
    """
    waiting: list[PdfObject] = [reader.trailer]
    seen: set[tuple[int, int]] = set()
    looked = 0
    while waiting:
        element = waiting.pop()
        if isinstance(element, IndirectObject):
            name = (element.idnum, element.generation)
            target = element.get_object() if name not in seen else None
            seen.add(name)
            element = target if target is not None else NullObject()
        looked += 1
        if looked > MAX_OBJECTS:
            return Extra.TOO_MUCH
        if isinstance(element, DictionaryObject):
            extra = _extra_of(element)
            if extra is not None:
                return extra
        waiting.extend(_held_by(element))
    return None


def _held_by(element: PdfObject) -> list[PdfObject]:
    """Return the parts that can hold others; an array has thousands of numbers, left out."""
    contents: Iterable[PdfObject] = ()
    if isinstance(element, DictionaryObject):
        contents = (value for key, value in element.items() if key not in HARMLESS)
    elif isinstance(element, ArrayObject):
        contents = element
    return [
        part
        for part in contents
        if isinstance(part, (IndirectObject, DictionaryObject, ArrayObject))
    ]


def _extra_of(dictionary: DictionaryObject) -> Extra | None:
    action, kind = _value(dictionary, "/S"), _value(dictionary, "/Subtype")
    if any(key in dictionary for key in PROGRAM_KEYS) or action in PROGRAM_ACTIONS:
        return Extra.PROGRAM
    if any(key in dictionary for key in FILE_KEYS) or kind in FILE_NOTES:
        return Extra.FILE
    if action in OUTSIDE_ACTIONS or any(key in dictionary for key in OUTSIDE_KEYS):
        return Extra.OUTSIDE
    if _leads_unasked(dictionary):
        return Extra.OUTSIDE
    if (
        isinstance(dictionary, StreamObject) and "/F" in dictionary
    ):  # its content is in another file
        return Extra.OUTSIDE
    return Extra.OUTSIDE if _is_outside_web(_value(dictionary, "/URI")) else None


def _leads_unasked(dictionary: DictionaryObject) -> bool:
    """Return whether a viewer would go by itself to more than a page of the document. A program,
    which it would run, is met on its own."""
    events = _value(dictionary, EVENTS)
    actions = [_value(dictionary, OPENING)]
    if isinstance(events, DictionaryObject):
        actions += [_value(events, event) for event in events]
    return any(
        isinstance(action, DictionaryObject)  # an array is a page to show
        and ("/Next" in action or _value(action, "/S") not in ("/GoTo", *PROGRAM_ACTIONS))
        for action in actions
    )


def _value(dictionary: DictionaryObject, key: str) -> object:
    """Return the value of a key, also when it is an object of its own; None when there is none."""
    return dictionary[key] if key in dictionary else None  # noqa: SIM401  (`get` gives the reference)


def _is_outside_web(address: object) -> bool:
    """Return whether a link opens a file: of this machine, or of a network share."""
    if not isinstance(address, str | bytes):
        return False
    text = address.decode("latin-1") if isinstance(address, bytes) else address
    text = "".join(character for character in text.lower() if character > " ")
    scheme = SCHEME.match(text)
    return text.startswith(("\\\\", "//")) or bool(scheme and scheme[1] not in WEB_SCHEMES)
