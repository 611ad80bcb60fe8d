"""JSON that kiosks send."""

from typing import Annotated

from pydantic import Field, PlainValidator

from salon.entrance.imports.scans import AnyScan
from salon.platform.web.devices.fields import CodeHash, Uuid
from salon.platform.web.devices.reading import Sent, Unreadable


class UnreadableCall(Unreadable):
    message = "La borne a envoyé une demande que le salon ne comprend pas."


def _text(value: object) -> str:
    """Return a text; an empty one for anything else, which is no visit."""
    return value if isinstance(value, str) else ""


class Visit(Sent):
    visit: Annotated[
        str,
        PlainValidator(_text, json_schema_input_type=str),
        Field(description="Le jeton de la visite\u00a0; chaque réponse en donne un neuf."),
    ] = ""


class DayAsked(Visit):
    near: Annotated[
        str,
        PlainValidator(lambda value: str(value)[:20], json_schema_input_type=str),
        Field(description="La porte près de la borne."),
    ] = ""


class PrintAsked(Visit):
    job_id: Uuid


class Printing(Sent):
    job_id: Uuid
    code_hash: CodeHash


class Presented(Sent):
    scan: AnyScan


class Respelling(Visit):
    """A corrected name; its fields are checked by the form."""

    version: Annotated[str, Field(pattern="^[0-9]{1,9}$")]
    first_name: str
    last_name: str


class Registration(Sent):
    """A person without a badge; their fields are checked by the form."""

    submission_key: Uuid
    first_name: str
    last_name: str
    function: str
    civility: str
    function_other: str = ""
    commune: str = ""
    place_choice: str = ""
    organisation: str = ""
    email: str = ""
    newsletter: Annotated[str, Field(description="Présent si la case est cochée.")] = ""
    photo: Annotated[str, Field(description="Présent si la case est cochée.")] = ""
    earlier_badge: Annotated[str, Field(description="Présent si la case est cochée.")] = ""
