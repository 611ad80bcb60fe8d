"""Keeps, of Bootstrap's rules (232 kB), those whose classes our pages may bear (72 kB).

A class may be borne when its name stands as a word in a template, in Python code, in a module of
pages or in a script of a package. A word that ends in a hyphen, such as `text-bg-` before what a
template computes, stands for all the names that begin with it.
"""

import re
import sys
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
WHOLE = ROOT / ".vendor" / "bootstrap.min.css"
SERVED = ROOT / "static" / "vendor" / "bootstrap" / "bootstrap.min.css"
SOURCES = (
    *(("templates", "*.*"), ("salon", "*.py"), ("static/js", "*.js")),
    *(("static/vendor/bootstrap", "*.js"), ("static/vendor/autocomplete", "*.js")),
)
WORD = re.compile(r"[a-z][\w-]*", re.ASCII)
CLASS = re.compile(r"\.([a-z][\w-]*)", re.ASCII)
BLOCK = re.compile(r"\{[^{}]*\}")
SHORTEST_PREFIX = 4


def main() -> None:
    styles = keep_named(WHOLE.read_text(), words())
    SERVED.write_text(styles)
    print(f"  Bootstrap: {len(styles) / 1000:.0f} kB of styles kept")


def sources() -> list[Path]:
    """Return the files whose words are looked for."""
    return [path for folder, kind in SOURCES for path in sorted((ROOT / folder).rglob(kind))]


def words() -> set[str]:
    """Return what may name a class in the sources."""
    return {word for path in sources() for word in WORD.findall(path.read_text())}


def classes_of(styles: str) -> set[str]:
    """Return the classes that the selectors of a style sheet speak of."""
    return set(CLASS.findall(BLOCK.sub("{}", styles)))


def keep_named(styles: str, named: Collection[str]) -> str:
    """Return a style sheet without the rules for classes, and the animations, that are not named.

    Runs with tinycss2.
    """
    import tinycss2

    prefixes = tuple(word for word in named if word.endswith("-") and len(word) >= SHORTEST_PREFIX)
    names = {name for name in classes_of(styles) if name in named or name.startswith(prefixes)}
    rules = tinycss2.parse_stylesheet(styles)
    used = set(WORD.findall("".join(_write(rules, names, frozenset()))))
    return "".join(_write(rules, names, used))


def _write(
    rules: Iterable[Any], names: Collection[str], animations: Collection[str]
) -> Iterator[str]:
    """Write the rules that elements of these classes, and no others, may follow."""
    from tinycss2 import parse_rule_list, serialize

    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = [
                serialize(selector)
                for selector in _selectors(rule.prelude)
                if _classes(selector) <= set(names)
            ]
            if selectors:
                yield f"{','.join(selectors)}{{{serialize(rule.content)}}}"
        elif rule.type == "at-rule" and rule.at_keyword in ("media", "supports"):
            content = "".join(_write(parse_rule_list(rule.content), names, animations))
            if content:
                yield f"@{rule.at_keyword}{serialize(rule.prelude)}{{{content}}}"
        elif not _is_animation(rule) or serialize(rule.prelude).strip() in animations:
            yield rule.serialize()


def _is_animation(rule: Any) -> bool:
    return rule.type == "at-rule" and rule.at_keyword.endswith("keyframes")


def _selectors(prelude: list[Any]) -> Iterator[list[Any]]:
    """Split the selectors of a rule at their commas."""
    selector: list[Any] = []
    for token in prelude:
        if token == ",":
            yield selector
            selector = []
        else:
            selector.append(token)
    yield selector


def _classes(selector: list[Any]) -> set[str]:
    """Return the classes that a selector requires; what `:not(…)` holds is not required."""
    pairs = pairwise(selector)
    return {name.value for dot, name in pairs if dot == "." and name.type == "ident"}


if __name__ == "__main__":
    sys.exit(main())
