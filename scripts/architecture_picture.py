"""Draws the packages of salon/ and the districts of salon/platform/: lines, and who imports whom.

`python -m scripts.architecture_picture` writes docs/images/architecture.svg and platform.svg from
the import graph. A row imports the packages of its columns (a design structure matrix): a figure
below the diagonal would be an import that runs back up.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "images"


@dataclass(frozen=True)
class Matrix:
    """Packages of one parent, from the highest to the ground."""

    parent: str
    packages: tuple[str, ...]
    title: str
    has_rooms: bool

    @property
    def matrix_left(self) -> int:
        return BAR_LEFT + BAR_WIDTH + 170

    @property
    def width(self) -> int:
        return self.matrix_left + CELL * len(self.packages) + 24

    @property
    def height(self) -> int:
        return TOP + ROW * len(self.packages) + 24


FEATURES = Matrix(
    "salon",
    (
        *("first_day", "dashboard", "kiosk", "leads", "open_data", "paper"),
        *("reads", "entrance", "appointments"),
        "invitations",
        *("badges", "village_day", "staffing", "safety", "exhibitor_space", "billing", "placement"),
        *("exhibitors", "fair", "accounts", "platform"),
    ),
    "The packages of salon/: lines of each room, and imports",
    has_rooms=True,
)
DISTRICTS = Matrix(
    "salon.platform",
    (
        *("documents", "pages", "mail", "web", "work", "files"),
        *("database", "words", "settings", "storage"),
    ),
    "The districts of salon/platform/: lines, and imports",
    has_rooms=False,
)
ROOMS = {
    "routes": "#0B5670",
    "forms": "#3C7F98",
    "presenters": "#7FB2C4",
    "documents": "#B9D6DF",
    "imports": "#C9A227",
    "services": "#B4540A",
    "queries": "#D98B4A",
    "engine": "#3F6B2E",
    "rules": "#7FA66B",
    "models": "#14232E",
    "other": "#B8C0C6",
}
SAME = {"api": "routes", "access": "routes", "jobs": "services"}
ROW, TOP, BAR_LEFT, BAR_WIDTH, CELL = 44, 110, 150, 520, 40


def main() -> None:
    for name, matrix in {"architecture": FEATURES, "platform": DISTRICTS}.items():
        path = PICTURES / f"{name}.svg"
        path.write_text("\n".join(picture(matrix)) + "\n", encoding="utf-8")
        print(f"{path.relative_to(ROOT)} written")


def picture(matrix: Matrix) -> Iterator[str]:
    """Return the lines of the SVG."""
    lines = {package: lines_by_room(matrix, package) for package in matrix.packages}
    scale = BAR_WIDTH / max(sum(rooms.values()) for rooms in lines.values())
    imports = imports_between(matrix)
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {matrix.width} {matrix.height}" '
        'role="img" font-family="sans-serif" font-size="14" fill="#14232E">'
    )
    yield f"<title>{escape(matrix.title)}</title>"
    yield f'<rect width="{matrix.width}" height="{matrix.height}" fill="#fff"/>'
    if matrix.has_rooms:
        yield from legend()
    for row, package in enumerate(matrix.packages):
        y = TOP + row * ROW
        yield text(BAR_LEFT - 10, y + 20, package, "end", "bold")
        yield from bar(lines[package], scale, y)
        yield text(matrix.matrix_left - 10, y + 24, package, "end")
        for column, imported in enumerate(matrix.packages):
            yield from cell(matrix, row, column, imports[package, imported])
    for column, imported in enumerate(matrix.packages):
        x = matrix.matrix_left + column * CELL + CELL // 2
        place = f'transform="translate({x} {TOP - 8}) rotate(-45)"'
        yield f"<text {place}>{escape(imported)}</text>"
    yield "</svg>"


def lines_by_room(matrix: Matrix, package: str) -> Counter[str]:
    """Return how many lines each room of a package has; all are `other` where it has no rooms."""
    folder = ROOT.joinpath(*matrix.parent.split("."), package)
    lines: Counter[str] = Counter()
    for path in folder.rglob("*.py"):
        room = path.relative_to(folder).parts[0].removesuffix(".py")
        room = SAME.get(room, room)
        shown_room = room if matrix.has_rooms and room in ROOMS else "other"
        lines[shown_room] += len(path.read_text().splitlines())
    return lines


def imports_between(matrix: Matrix) -> Counter[tuple[str, str]]:
    """Return how many imports of modules lead from a package to another."""
    graph = grimp.build_graph("salon")
    imports: Counter[tuple[str, str]] = Counter()
    for module in graph.modules:
        for imported in graph.find_modules_directly_imported_by(module):
            pair = package_of(matrix, module), package_of(matrix, imported)
            if pair[0] != pair[1] and set(pair) <= set(matrix.packages):
                imports[pair] += 1
    return imports


def package_of(matrix: Matrix, module: str) -> str:
    name = module.removeprefix(f"{matrix.parent}.")
    return name.split(".")[0] if name != module else ""


def legend() -> Iterator[str]:
    x = BAR_LEFT
    for number, (room, colour) in enumerate(ROOMS.items()):
        left, top = x + number % 6 * 100, 24 + number // 6 * 26
        yield f'<rect x="{left}" y="{top}" width="14" height="14" fill="{colour}"/>'
        yield text(left + 20, top + 12, room)


def bar(rooms: Counter[str], scale: float, y: int) -> Iterator[str]:
    x = float(BAR_LEFT)
    for room, colour in ROOMS.items():
        if width := rooms[room] * scale:
            place = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="28"'
            yield f'<rect {place} fill="{colour}"><title>{room}: {rooms[room]} lines</title></rect>'
            x += width
    yield text(x + 6, y + 20, f"{sum(rooms.values()):,}".replace(",", "\u202f"))


def cell(matrix: Matrix, row: int, column: int, count: int) -> Iterator[str]:
    x, y = matrix.matrix_left + column * CELL, TOP + row * ROW
    fill = "#14232E" if row == column else "#F2F4F5" if column < row else "#fff"
    yield f'<rect x="{x}" y="{y}" width="{CELL}" height="{ROW}" fill="{fill}" stroke="#B8C0C6"/>'
    if count:
        yield text(x + CELL // 2, y + 27, str(count), "middle")


def text(x: float, y: float, words: str, anchor: str = "start", weight: str = "normal") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}"'
    return f"<text {place}>{escape(words)}</text>"


if __name__ == "__main__":
    main()
