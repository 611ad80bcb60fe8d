"""A file of 1,000 badges: time, size and memory, beside no QR at all and beside the usual way.

Each figure comes from a fresh process (`python -m bench.badges WAY FILE`).
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from bench.report import Line, Target, at_most, print_table, step
from salon.fair.queries import get_public_edition
from salon.platform.settings.installation import ROOT

COUNT = 1_000
ROUNDS = 3
Figures = dict[str, list[dict[str, float]]]


def without_qr(canvas: Canvas, payload: str, x: float, y: float, side: float) -> None:
    """The floor: everything of a badge but its code."""


def as_picture(canvas: Canvas, payload: str, x: float, y: float, side: float) -> None:
    """The usual way: `qrcode` chooses the mask, PIL draws, the picture goes into the file."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(payload)
    picture = BytesIO()
    code.make_image().save(picture, "PNG")
    canvas.drawImage(ImageReader(picture), x, y, side, side)


WAYS: dict[str, Callable[..., None] | None] = {
    "ours": None,
    "no QR": without_qr,
    "pictures": as_picture,
}


def run() -> None:
    # Servers and drivers, which would count in the memory of the process that is measured.
    from bench.fairs import sqlite_fair

    step("badges")
    figures: Figures = {way: [] for way in WAYS}
    with sqlite_fair(COUNT) as fair:
        for _ in range(ROUNDS):
            for way in WAYS:
                figures[way].append(_in_fresh_process(way, fair.environment()))
    _print("the same file without any QR", figures, "no QR", judged=True)
    _print("the usual way: qrcode → PIL → drawImage", figures, "pictures", judged=False)


def _print(words: str, figures: Figures, floor: str, judged: bool) -> None:
    def line(name: str, key: str, target: Target | None = None, digits: int = 0) -> Line:
        ours, compared = ([figure[key] for figure in figures[way]] for way in ("ours", floor))
        return Line(name, ours, compared, target if judged else None, digits)

    print_table(
        f"A file of {COUNT:,} badges, ten on an A4, from the database, in a fresh process",
        [
            line("seconds", "seconds", at_most(2, "s"), 2),
            line("  whole command, seconds", "command", digits=2),
            line("badges/s", "rate"),
            line("kB", "kB", at_most(1000, "kB")),
            line("peak memory, MB", "MB", at_most(100, "MB")),
        ],
        f"floor: {words}.",
    )


def _in_fresh_process(way: str, environ: dict[str, str]) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "badges.pdf"
        command = [sys.executable, "-m", "bench.badges", way, str(output)]
        begin = time.monotonic()
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        figures: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
        figures["command"] = time.monotonic() - begin
        figures["kB"] = output.stat().st_size / 1000
        return figures


def write_once(way: str, output: Path) -> dict[str, float]:
    """Write the file as `flask print-badges` does; return seconds, badges/s and peak MB."""
    from salon import create_app
    from salon.badges.documents import pdf_badge
    from salon.badges.jobs import write_badge_file
    from salon.platform.settings.clock import now

    draw = WAYS[way]
    if draw is not None:
        pdf_badge.draw_qr = draw
    app = create_app()
    with app.app_context():
        prefix = "HTTPS://SALON.HERAULT.FR/B/"
        begin = time.monotonic()
        count = write_badge_file(get_public_edition(), output, "a4", prefix, COUNT, now())
        seconds = time.monotonic() - begin
    return {"seconds": seconds, "rate": count / seconds, "MB": _peak_mb()}


def _peak_mb() -> float:
    """Return the highest RSS of this process. `getrusage` counts the one it was forked from."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    print(json.dumps(write_once(sys.argv[1], Path(sys.argv[2]))))
