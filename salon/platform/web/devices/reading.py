"""Read the JSON of a device: as its model describes it, or refused in French."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from salon.platform.words.errors import BadInput

Problem = dict[str, str | int]
Content = TypeVar("Content", bound="Sent")


class Unreadable(BadInput):
    """The body does not follow the API's description; `errors` gives the line, the field and the
    reason."""

    def __init__(self, message: str | None = None, errors: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.errors = list(errors)


@dataclass(frozen=True)
class Says:
    """French message of a field that is not as described, beside its type."""

    message: str


class Sent(BaseModel):
    """Object sent by a device. Keys without a field are ignored.

    `refusal`: message of an object with another shape; None leaves the message of the exception.
    """

    model_config = ConfigDict(frozen=True)
    refusal: ClassVar[str | None] = None

    @classmethod
    def problem_of(cls, field: str) -> tuple[str, str]:
        """Return the field to name and the message; a field without one blames the whole object."""
        metadata = cls.model_fields[field].metadata if field in cls.model_fields else ()
        for says in metadata:
            if isinstance(says, Says):
                return field, says.message
        return "", cls.refusal or ""


class Batch(Sent):
    """Object with one list of lines: all of them are read, or none is."""

    line: ClassVar[type[Sent]]
    wrong_size: ClassVar[str | None] = None
    wrong_lines: ClassVar[str | None] = None


def read(model: type[Content], body: bytes, refused: type[Unreadable]) -> Content:
    """Return the content of a request. Raises `refused`."""
    return check(model, read_json(body, refused), refused)


def read_json(body: bytes, refused: type[BadInput]) -> object:
    """Return the JSON of a body. Raises `refused`."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise refused from None


def check(model: type[Content], content: object, refused: type[Unreadable]) -> Content:
    """Return JSON as its model. Raises `refused`."""
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise refused(*_reasons(model, error)) from None


def line_problems(line: type[Sent], error: ValidationError) -> list[tuple[str, str]]:
    """Return (field, message) of each fault of a line read alone."""
    return [(field, message) for _, field, message in _problems(line, error, depth=0)]


def _reasons(model: type[Sent], error: ValidationError) -> tuple[str | None, list[Problem]]:
    if not issubclass(model, Batch):
        return model.refusal, []
    first = error.errors()[0]
    if first["type"] in ("too_long", "too_short"):
        return model.wrong_size, []
    if len(first["loc"]) < 2:
        return model.refusal, []
    return model.wrong_lines, [
        {"index": place[1], "field": field, "message": message}
        for place, field, message in _problems(model.line, error, depth=2)
    ]


def _problems(
    line: type[Sent], error: ValidationError, depth: int
) -> Iterator[tuple[tuple[int | str, ...], str, str]]:
    """Yield (place of the line, field, message) of each fault, once."""
    yielded_problems = set()
    for fault in error.errors(include_url=False, include_context=False, include_input=False):
        place, field_path = fault["loc"][:depth], fault["loc"][depth:]
        problem = (place, *line.problem_of(str(field_path[-1]) if field_path else ""))
        if problem not in yielded_problems:
            yielded_problems.add(problem)
            yield problem
