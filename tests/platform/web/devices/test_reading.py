"""The reader of devices' JSON: what it returns, and the words of its refusals."""

from typing import Annotated, Any

import pytest
from pydantic import Field, TypeAdapter, ValidationError

from salon.platform.web.devices.fields import CodeHash, Flag, Instant, Uuid
from salon.platform.web.devices.reading import Batch, Says, Sent, Unreadable, line_problems, read
from tests.tables import each

NAME = "5c226e5e-b163-4415-8e1a-027a761287e4"


class Refused(Unreadable):
    message = "Illisible."


class Line(Sent):
    refusal = "Une ligne est un objet."
    name: Annotated[Uuid, Says("Un nom est attendu.")]
    is_new: Annotated[Flag, Says("Vrai ou faux.")] = False
    count: int = 0


class Lines(Batch):
    line = Line
    refusal = "Envoyez des lignes."
    wrong_size = "Une ou deux lignes."
    wrong_lines = "Des lignes sont mal formées."
    lines: Annotated[list[Line], Field(min_length=1, max_length=2)]


def refusal(body: bytes) -> tuple[str, list[tuple[Any, ...]]]:
    with pytest.raises(Refused) as refused:
        read(Lines, body, Refused)
    assert refused.value.status == 400
    return refused.value.message, [tuple(error.values()) for error in refused.value.errors]


def test_a_batch_is_read_whole_and_ignores_more_keys() -> None:
    body = b'{"lines": [{"name": "%s", "is_new": true, "more": 1}], "more": 2}' % NAME.encode()
    (line,) = read(Lines, body, Refused).lines
    assert (line.name, line.is_new) == (NAME, True)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\xfa\x00", b"[" * 100_000])
def test_what_is_not_json_has_the_message_of_its_exception(body: bytes) -> None:
    assert refusal(body) == ("Illisible.", [])


@pytest.mark.parametrize("body", [b"[]", b"null", b"3", b"{}", b'{"lines": {}}', b'{"lines": "x"}'])
def test_another_shape_is_named(body: bytes) -> None:
    assert refusal(body) == ("Envoyez des lignes.", [])


@pytest.mark.parametrize("body", [b'{"lines": []}', b'{"lines": [1, 2, 3]}'])
def test_too_few_and_too_many_lines_are_refused_before_they_are_read(body: bytes) -> None:
    assert refusal(body) == ("Une ou deux lignes.", [])


def test_each_fault_of_a_line_is_named_once_by_its_rank_and_field() -> None:
    body = b'{"lines": [{"name": "x", "is_new": 1, "count": {}}, 7]}'
    assert refusal(body) == (
        "Des lignes sont mal formées.",
        [
            (0, "name", "Un nom est attendu."),
            (0, "is_new", "Vrai ou faux."),
            (0, "", "Une ligne est un objet."),
            (1, "", "Une ligne est un objet."),
        ],
    )


def test_a_line_read_alone_has_the_same_words() -> None:
    with pytest.raises(ValidationError) as refused:
        Line.model_validate({"is_new": None})
    assert line_problems(Line, refused.value) == [
        ("name", "Un nom est attendu."),
        ("is_new", "Vrai ou faux."),
    ]


GOOD: list[tuple[Any, Any, str]] = [
    (Uuid, NAME.upper(), NAME),
    (CodeHash, "0" * 64, "0" * 64),
    (Instant, "2021-10-01T09:12:00+02:00", "2021-10-01 07:12:00+00:00"),
    (Instant, "2021-10-01 09:12Z", "2021-10-01 09:12:00+00:00"),
]
BAD: list[tuple[Any, Any]] = [
    *((Uuid, value) for value in (None, 1, "", f"{NAME}\n", f"{{{NAME}}}", "\ud800")),
    *((CodeHash, value) for value in (None, "A" * 64, "0" * 63, "0" * 64 + "\n")),
    *((Instant, value) for value in (None, 1633000000, "2021-10-01", "2021-10-01T09:12:00")),
    *((Instant, value) for value in ("2021-02-30T09:12:00Z", "0001-01-01T00:00:00+12:00")),
    *((Flag, value) for value in (None, 0, 1, "true")),
]


@pytest.mark.parametrize(("kind", "sent", "value"), GOOD)
def test_a_field_is_read(kind: Any, sent: Any, value: str) -> None:
    assert str(TypeAdapter(kind).validate_python(sent)) == value


@each(("kind", "sent"), BAD)
def test_a_wrong_field_is_refused(kind: Any, sent: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(sent)
