"""The picture of the guide of the paper pack: the top of a check-in page."""

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pypdfium2

from scripts.picture_taking import ROOT, Demonstration, save

WIDTH_PX = 720
SHOWN = 0.42
"""Of the page, from its top."""


def paper(demonstration: Demonstration) -> None:
    """Make a pack as the server's command does, and keep the top of its first list."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.pdf"
        command = [*demonstration.command, "paper-pack", "--output", str(path)]
        subprocess.run(command, cwd=ROOT, env=demonstration.environ, check=True)
        save_top(path)


def save_top(path: Path) -> None:
    page = pypdfium2.PdfDocument(path)[1]
    picture = page.render(scale=WIDTH_PX / page.get_width()).to_pil()
    save(picture.crop((0, 0, picture.width, int(picture.height * SHOWN))), "dossier-papier")
