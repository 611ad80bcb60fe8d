"""The product belongs to no département: the words of its demonstration are in its data alone."""

import re
from pathlib import Path

from salon.platform.settings.installation import ROOT

WORDS = re.compile(r"h[ée]rault|amf ?34|b[ée]ziers|biterrois|salon34", re.IGNORECASE)
FOLDERS = ("salon", "templates", "static/js", "static/css")
DEMONSTRATION = (ROOT / "salon" / "demonstration", ROOT / "templates" / "demonstration")
SUFFIXES = {".py", ".html", ".txt", ".js", ".css", ".svg", ".json"}


def test_no_place_of_the_demonstration_is_written_in_the_product() -> None:
    places = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in SUFFIXES and not _is_demonstration(path)
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if WORDS.search(line)
    ]
    assert not places, "\n".join(places)


def _is_demonstration(path: Path) -> bool:
    return any(path.is_relative_to(folder) for folder in DEMONSTRATION)
