"""Lists written as a spreadsheet exports them, and what their previews say of each line."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import unescape


def csv_text(heads: Sequence[str], lines: Iterable[Mapping[str, str]], separator: str = ";") -> str:
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=separator, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([line.get(head, "") for head in heads] for line in lines)
    return stream.getvalue()


def words_by_line(page: str) -> dict[int, str]:
    """Return all that a preview shows of each line."""
    return {number: _words(part) for number, part in _parts(page)}


def faults_by_line(page: str) -> dict[int, str]:
    """Return what a preview says of each line to correct."""
    return {
        number: _words(faults[1])
        for number, part in _parts(page)
        if (faults := re.search(r"<ul>(<li>.*?)</ul>", part))
    }


def _parts(page: str) -> Iterator[tuple[int, str]]:
    parts = re.split(r"Ligne&nbsp;(\d+)</span>", page)
    return zip(map(int, parts[1::2]), parts[2::2], strict=True)


def _words(part: str) -> str:
    return unescape(re.sub("<[^>]*>", " ", part)).replace("\xa0", " ")
