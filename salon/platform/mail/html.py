"""HTML of a message, made from its text, so that both say the same words.

A text is made of paragraphs, lists (« - … »), facts (« Quand : … », two lines or more) and private
or public addresses on a line of their own, of which the first is the button. A marked text, that an
organiser wrote (`words/markdown.py`, `mail_text`), also has emphasis and links with words of their
own: what the public typed never has them, so that no address hides behind words.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from urllib.parse import urlsplit

from css_inline import CSSInliner
from flask import current_app
from markupsafe import Markup, escape

from salon.platform.mail.oppositions import UNSUBSCRIBE_PATH
from salon.platform.settings.edition import EditionFacts
from salon.platform.web.access import settings
from salon.platform.words.colours import BLACK, WHITE, mixed

ADDRESS = re.compile(r"https?://[^\s<>\"»]*[^\s<>\"».,;:!?)]")
FACT = re.compile(r"([A-ZÀ-Ÿ][^.:!?]{0,38}?)\s?: (\S.*)")
WORDED = re.compile(r"«\s?([^«»\n]+?)\s?» <(https?://[^\s<>]+)>")
STRONG = re.compile(r"(?<![\w*])\*(?=\S)([^*\n]+?)(?<=\S)\*(?![\w*])")
EMPHASIS = re.compile(r"(?<!\w)_(?=\S)([^_\n]+?)(?<=\S)_(?!\w)")
ITEM = "- "
SEA, SUN = "#0b5670", "#f2b632"
"""Colours of a fair that chose none (static/css/theme.css)."""
LABELS = (
    ("/badge/[^/]+/contacts", "Voir mes contacts"),
    (r"/badge/[^/]+\.pdf", "Badge à imprimer"),
    ("/badge/[^/]+/annuler", "Annuler cette inscription"),
    ("/badge/[^/]+/retablir", "Rétablir l’inscription"),
    ("/badge/", "Ouvrir le badge"),
    ("/rendez-vous/confirmer/", "Confirmer le rendez-vous"),
    ("/rendez-vous/liste/", "Voir ma place sur la liste"),
    ("/rendez-vous/[^/]+", "Ouvrir le rendez-vous"),
    ("/rendez-vous", "Prendre un rendez-vous"),
    ("/inscription/dossier/", "Ouvrir le dossier"),
    ("/inscription", "S’inscrire"),
    ("/invitation/", "Répondre à l’invitation"),
    ("/exposants/inscription/", "Ouvrir la candidature"),
    (r"/mon-stand/\d+/facturation", "Voir la facturation"),
    (r"/mon-stand/\d+/equipe", "Voir les badges de l’équipe"),
    ("/mon-stand", "Ouvrir mon espace"),
    ("/planning/demandes", "Répondre"),
    ("/planning/souhaits", "Dire mes souhaits"),
    ("/planning", "Ouvrir mon planning"),
    ("/organisation/dossier-papier", "Télécharger le dossier papier"),
    (r"/organisation/exposants/\d+", "Voir l’exposant"),
    ("/organisation/recapitulatif", "Choisir quand le recevoir"),
    ("/organisation$", "Ouvrir la vue d’ensemble"),
    ("/connexion/", "Choisir mon mot de passe"),
    (UNSUBSCRIBE_PATH, "Ne plus recevoir ces messages"),
    ("/infos-pratiques#ecrire", "Écrire à l’organisation"),
    ("/infos-pratiques", "Venir au salon"),
    ("/village", "Voir le village"),
)
"""Words of the link to an address, by the beginning of its path and its place there; the first that
fits counts."""
OTHER_LABEL = "Ouvrir la page"


@dataclass(frozen=True)
class Block:
    """A part of a text. `kind`: paragraph, list, facts, button or link; `rows`: its lines, items,
    (label, value) of its facts, or the address and its words."""

    kind: str
    rows: Sequence[object]


@dataclass(frozen=True)
class Picture:
    """A picture shown in the HTML: `source` is the address of its part (cid:, RFC 2392), or a
    data: address."""

    source: str
    text: str


def blocks_of(text: str, public_url: str, *, is_marked: bool = False) -> list[Block]:
    """Return the parts of a text, in its order."""
    parts = text.strip().split("\n\n")
    blocks = [block for part in parts for block in _parts(part.splitlines(), public_url, is_marked)]
    links = {
        place: block.rows[1]
        for place, block in enumerate(blocks)
        if block.kind == "link" and not is_unsubscribe(block.rows[0])
    }
    first = next(iter(links), None)
    # Several alike (the badges of an address) are links: no button stands out of them.
    if first is not None and list(links.values()).count(links[first]) == 1:
        blocks[first] = Block("button", blocks[first].rows)
    return blocks


def is_unsubscribe(address: object) -> bool:
    return urlsplit(str(address)).path.startswith(UNSUBSCRIBE_PATH)


def _own_link(line: str, public_url: str, is_marked: bool) -> tuple[str, str] | None:
    """Return the address of ours that a line is made of and its words, or None."""
    if is_marked and (match := WORDED.fullmatch(line)):
        return match[2], match[1]
    return (line, label_of(line)) if _is_ours(line, public_url) else None


def _is_ours(text: str, public_url: str) -> bool:
    """Return whether a text is an address of ours and nothing else: no other has words of ours."""
    return text.startswith(f"{public_url}/") and ADDRESS.fullmatch(text) is not None


def _parts(lines: Sequence[str], public_url: str, is_marked: bool) -> Iterator[Block]:
    """Yield the blocks of lines that no empty line separates."""
    facts = [FACT.fullmatch(line) for line in lines if not ADDRESS.fullmatch(line)]
    if len(facts) > 1 and all(facts) and len(facts) == len(lines):
        yield Block("facts", [fact.groups() for fact in facts if fact])
        return
    paragraph: list[str] = []
    items: list[list[str]] = []
    for line in lines:
        if line.startswith(ITEM):
            items.append([line.removeprefix(ITEM)])
        elif items and line.startswith("  "):
            items[-1].append(line.strip())
        elif link := _own_link(line, public_url, is_marked):
            yield from _written(paragraph, items)
            paragraph, items = [], []
            yield Block("link", link)
        else:
            if items:
                yield from _written(paragraph, items)
                paragraph, items = [], []
            paragraph.append(line)
    yield from _written(paragraph, items)


def _written(paragraph: list[str], items: list[list[str]]) -> Iterator[Block]:
    if paragraph:
        yield Block("paragraph", paragraph)
    if items:
        yield Block("list", items)


def label_of(address: str) -> str:
    """Return the words of the link to an address of ours."""
    parts = urlsplit(address)
    # An edition other than the public one stands under its own prefix.
    path = re.sub(r"^/e/[^/]+", "", parts.path) + (f"#{parts.fragment}" if parts.fragment else "")
    return next((label for start, label in LABELS if re.match(start, path)), OTHER_LABEL)


def linked(line: str, public_url: str, *, is_marked: bool = False) -> Markup:
    """Return a line of text with its addresses as links, and its emphasis where it is marked."""
    pieces: list[Markup] = []
    end = 0
    while match := _next_mark(line, end, is_marked):
        pieces.append(escape(line[end : match.start()]))
        if match.re is WORDED:
            pieces.append(Markup('<a href="{}">{}</a>').format(match[2], match[1]))
        elif match.re is ADDRESS:
            address = match[0]
            is_alone = address == line.strip() and _is_ours(address, public_url)
            words = label_of(address) if is_alone else address.partition("://")[2]
            pieces.append(Markup('<a href="{}">{}</a>').format(address, words))
        else:
            tag = "strong" if match.re is STRONG else "em"
            inside = linked(match[1], public_url, is_marked=True)
            pieces.append(Markup(f"<{tag}>{{}}</{tag}>").format(inside))
        end = match.end()
    return Markup().join([*pieces, escape(line[end:])])


def _next_mark(line: str, start: int, is_marked: bool) -> re.Match[str] | None:
    """Return the first link or emphasis of a line from `start` on."""
    patterns = (WORDED, ADDRESS, STRONG, EMPHASIS) if is_marked else (ADDRESS,)
    matches = [match for pattern in patterns if (match := pattern.search(line, start))]
    return min(matches, key=re.Match.start, default=None)


def listed(lines: Sequence[str], public_url: str, *, is_marked: bool = False) -> Markup:
    """Return an item of a list. Its first line is the link when no words say where its address
    leads."""
    first, *others = lines
    if others and _is_ours(others[-1], public_url) and label_of(others[-1]) == OTHER_LABEL:
        link = Markup('<a href="{}">{}</a>').format(others.pop(), first)
    else:
        link = linked(first, public_url, is_marked=is_marked)
    more = (linked(line, public_url, is_marked=is_marked) for line in others)
    return Markup("<br>\n").join([link, *more])


def html_of(
    subject: str,
    text: str,
    edition: EditionFacts | None,
    picture: Picture | None = None,
    *,
    is_framed: bool = False,
    is_marked: bool = False,
) -> str:
    """Return the HTML part of a message. Its styles are inline, as mail programs want them.

    `is_framed`: it is shown in a page of ours, whose window its links open. `is_marked`: its text
    has the marks of one that an organiser wrote in Markdown.
    """
    main = (edition and edition.main_colour) or SEA
    template = current_app.jinja_env.get_template("mail/layout.html")
    public_url = settings().public_url
    page = template.render(
        subject=subject,
        blocks=blocks_of(text, public_url, is_marked=is_marked),
        edition=edition,
        public_url=public_url,
        picture=picture,
        is_framed=is_framed,
        linked=partial(linked, public_url=public_url, is_marked=is_marked),
        listed=partial(listed, public_url=public_url, is_marked=is_marked),
        main=main,
        dark=mixed(main, BLACK, 0.28),
        pale=mixed(main, WHITE, 0.89),
        light=mixed(main, WHITE, 0.6),
        accent=(edition and edition.accent_colour) or SUN,
    )
    return _inliner().inline(page)


@lru_cache
def _inliner() -> CSSInliner:
    return CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
