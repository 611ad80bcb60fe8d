"""Keeps, of the 2,000 Bootstrap icons (1.1 MB), those that our pages name.

An icon's name must stand whole between quotes (or after `#`) in a template, script or module. Those
that the public pages name lie in a small sheet too, the only one that these pages load.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALL = ROOT / ".vendor" / "bootstrap-icons.svg"
SERVED = ROOT / "static" / "vendor" / "icons" / "bootstrap-icons.svg"
PUBLIC = SERVED.with_name("public.svg")
PUBLIC_PAGES = (
    *("base.html", "_flashes.html", "macros/ui.html", "macros/lists.html", "fair/*.html"),
    *("exhibitors/catalogue*.html", "exhibitors/_catalogue.html", "badges/register.html"),
    "badges/_*.html",
)
SYMBOL = re.compile(r'<symbol [^>]*id="([^"]+)".*?</symbol>', re.DOTALL)
QUOTED = re.compile(r"""["'`#]([a-z0-9]+(?:-[a-z0-9]+)*)["'`]""")
DRAWN = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']|icon_name=["']([a-z0-9-]+)["']""")


def main() -> None:
    symbols = {match[1]: match[0] for match in SYMBOL.finditer(ALL.read_text())}
    text = "\n".join(
        path.read_text()
        for folder, kind in (("templates", "*.*"), ("static/js", "*.js"), ("salon", "*.py"))
        for path in sorted((ROOT / folder).rglob(kind))
    )
    drawn_names = {first or second for first, second in DRAWN.findall(text)}
    if unknown := sorted(drawn_names - set(symbols)):
        sys.exit(f"These icons are not in Bootstrap Icons: {', '.join(unknown)}")
    templates = ROOT / "templates"
    public = [path.read_text() for pattern in PUBLIC_PAGES for path in templates.glob(pattern)]
    write_sheet(SERVED, symbols, text)
    write_sheet(PUBLIC, symbols, "\n".join(public))


def write_sheet(target: Path, symbols: dict[str, str], text: str) -> None:
    """Write the sheet of the icons that `text` names, unless it is there."""
    named_icons = set(QUOTED.findall(text)) & set(symbols)
    drawings = "".join(symbols[name] for name in sorted(named_icons))
    sheet = f'<svg xmlns="http://www.w3.org/2000/svg">{drawings}</svg>\n'
    if not target.exists() or target.read_text() != sheet:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(sheet)


if __name__ == "__main__":
    main()
