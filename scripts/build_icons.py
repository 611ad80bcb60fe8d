"""Keeps, of the 2,000 Bootstrap icons (1.1 MB), those that our pages name.

An icon's name must stand whole between quotes (or after `#`) in a template, script or module.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ALL = ROOT / ".vendor" / "bootstrap-icons.svg"
SERVED = ROOT / "static" / "vendor" / "icons" / "bootstrap-icons.svg"
SYMBOL = re.compile(r'<symbol [^>]*id="([^"]+)".*?</symbol>', re.DOTALL)
QUOTED = re.compile(r"""["'`#]([a-z0-9]+(?:-[a-z0-9]+)*)["'`]""")
DRAWN = re.compile(r"""\bicon\(\s*["']([a-z0-9-]+)["']|icon_name=["']([a-z0-9-]+)["']""")


def main() -> None:
    text = "\n".join(
        path.read_text()
        for folder, kind in (("templates", "*.*"), ("static/js", "*.js"), ("salon", "*.py"))
        for path in sorted((ROOT / folder).rglob(kind))
    )
    named = set(QUOTED.findall(text))
    symbols = {match[1]: match[0] for match in SYMBOL.finditer(ALL.read_text())}
    drawn = {first or second for first, second in DRAWN.findall(text)}
    if unknown := sorted(drawn - set(symbols)):
        sys.exit(f"These icons are not in Bootstrap Icons: {', '.join(unknown)}")
    symbols_used = "".join(symbols[name] for name in sorted(named & set(symbols)))
    sprite = f'<svg xmlns="http://www.w3.org/2000/svg">{symbols_used}</svg>\n'
    if not SERVED.exists() or SERVED.read_text() != sprite:
        SERVED.parent.mkdir(parents=True, exist_ok=True)
        SERVED.write_text(sprite)


if __name__ == "__main__":
    main()
