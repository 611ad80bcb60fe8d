"""The former release, as it travels with this code: schema and data of a fair on both databases.

`make.py` writes a folder for a release, when it is published; the newest one is tested.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
RELEASE = max(
    (path.parent for path in FOLDER.glob("*/commit")),
    key=lambda folder: [int(number) for number in folder.name.split(".")],
)
COMMIT = (RELEASE / "commit").read_text().strip()
