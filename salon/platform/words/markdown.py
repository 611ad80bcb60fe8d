"""Texts that organisers write in Markdown, made into safe HTML (markdown-it-py, then nh3).

HTML in a text is shown as typed. A text has no picture, no table and no code: what stays is in
TAGS. Line breaks are kept, as somebody who types in a box expects.
"""

from collections.abc import Iterable
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from flask import Flask
from markupsafe import Markup

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

TAGS = frozenset(
    ("p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "hr", "h2", "h3", "h4", "h5")
)
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = frozenset(("http", "https", "mailto", "tel"))
LOWEST_HEADING = 5


def markdown(text: str | None, level: int = 3) -> Markup:
    """Return the HTML of a text; its titles begin at `level`, below those of the page."""
    if not text:
        return Markup()
    import nh3

    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(LOWEST_HEADING, level + int(token.tag[1:]) - 1)}"
    page = parser.renderer.render(tokens, parser.options, {})
    safe = nh3.clean(
        page,
        tags=set(TAGS),
        attributes=ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="noopener noreferrer",
    )
    return Markup(safe)


def plain_text(text: str | None) -> str:
    """Return what a text says without its marks, for a file or an attribute; lines are kept."""
    import nh3

    words = unescape(nh3.clean(str(markdown(text)), tags=set()))
    return "\n".join(line.strip() for line in words.splitlines() if line.strip())


def mail_text(text: str) -> str:
    """Return what a text says in a plain mail, with the marks that `mail/html.py` reads back:
    « *gras* », « _italique_ », « - » before an item, « « mots » <https://…> »."""
    lines: list[str] = []
    lists: list[int | None] = []
    item, title = "", ""
    for token in _parser().parse(text):
        match token.type:
            case "bullet_list_open":
                lists.append(None)
            case "ordered_list_open":
                lists.append(int(token.attrGet("start") or 1))
            case "bullet_list_close" | "ordered_list_close":
                lists.pop()
                if not lists:
                    lines.append("")
            case "list_item_open":
                number = lists[-1]
                item = "- " if number is None else f"{number}. "
                lists[-1] = None if number is None else number + 1
            case "heading_open" | "heading_close":
                title = "*" if token.nesting == 1 else ""
            case "inline":
                words = f"{title}{_plain_inline(token.children or ())}{title}"
                if token.level and lists:
                    margin = "  " * (len(lists) - 1)
                    first, *others = words.splitlines()
                    lines += [f"{margin}{item or '  '}{first}", *(f"{margin}  {o}" for o in others)]
                    item = ""
                else:
                    lines += [words, ""]
    return "\n".join(lines).strip()


def _plain_inline(tokens: Iterable["Token"]) -> str:
    pieces: list[str] = []
    links: list[str] = []
    for token in tokens:
        match token.type:
            case "text":
                pieces.append(token.content)
            case "softbreak" | "hardbreak":
                pieces.append("\n")
            case "strong_open" | "strong_close":
                pieces.append("*")
            case "em_open" | "em_close":
                pieces.append("_")
            case "link_open":
                links.append(str(token.attrGet("href")).replace("%7B", "{").replace("%7D", "}"))
                pieces.append("«\xa0")
            case "link_close":
                pieces.append(f"\xa0» <{links.pop()}>")
    return "".join(pieces)


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True})
    return parser.disable(["image", "code", "fence", "backticks", "reference"])


def register_markdown(app: Flask) -> None:
    app.jinja_env.filters.update(markdown=markdown, plain_text=plain_text)
