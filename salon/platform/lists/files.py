"""A list as a file to download."""

from collections.abc import Iterable, Iterator, Sequence

from flask import Response, stream_with_context

from salon.platform.spreadsheets import Cell, Column, csv_lines, workbook

MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def list_file(
    kind: str,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Iterable[Cell]],
    title: str = "",
    kept_columns: int = 0,
) -> Response:
    """Return `name`.csv, sent as it is read, or `name`.xlsx with its `title`."""
    content: bytes | Iterator[str]
    if kind == "xlsx":
        content = workbook(title, columns, rows, kept_columns)
    else:
        content = stream_with_context(csv_lines([column.head for column in columns], rows))
    response = Response(content, mimetype=MEDIA_TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
