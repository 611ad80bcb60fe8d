"""French spelling rules applied to whole pages.

One filter joins double punctuation to its word, and thousands to their number: it goes over each
page, mail and PDF as a whole, so that the text of templates and of values is treated alike. `of`
elides.
"""

import re

from flask import Flask, Response
from markupsafe import Markup

from salon.platform.words.people import agreed
from salon.platform.words.texts import folded

GAP = re.compile(r"[ \t\n]+(?=[:;!?»])|(?<=«)[ \t\n]+|(?<=\d)[ \t\n]+(?=\d{3}(?!\d))")
NBSP = "\u00a0"
LEFT_ALONE = re.compile(r"<(script|style|textarea|pre)\b.*?</\1>", re.DOTALL)
"""Elements whose text is code, or what somebody typed."""

VOWELS = tuple("aeiou")
MUTE_H = re.compile(
    r"h(abi|adri|arm|eb(?!r)|ec|el[eio]|em|enri|er(a(?!l)|b|e|it|m|v)|es|eure|ex|i(ppo|la|st|ver)"
    r"|o(mm|mo|me|n[no]|r[aimot]|sp|st|te)|u(be|g|il|is|itr|m[aeiu])|y)"
)
"""Beginnings of words whose h is mute. Any other h is taken for an aspirated one."""
NOT_ELIDED = re.compile(r"(onz|oui\b|ouistiti|uhlan|un\b|y[aeiou]|[a-z]\b)")


def unbreakable(text: str) -> str:
    """Return the text with a no-break space before « : ; ! ? », inside quotation marks and between
    the thousands of a number."""
    return GAP.sub(NBSP, text)


def unbreakable_page(page: str) -> str:
    """Do the same in the text of an HTML page, not in tags, scripts and typed text."""
    spans = [match.span() for match in LEFT_ALONE.finditer(page)]

    def space(match: re.Match[str]) -> str:
        start = match.start()
        in_tag = page.rfind("<", 0, start) > page.rfind(">", 0, start)
        in_kept = any(begin <= start < end for begin, end in spans)
        return match[0] if in_tag or in_kept else NBSP

    return GAP.sub(space, page)


def is_elided(name: str) -> bool:
    """Return whether « de » loses its vowel before this name."""
    word = folded(name.striptags() if isinstance(name, Markup) else str(name))
    if NOT_ELIDED.match(word):
        return False
    return word.startswith((*VOWELS, "y")) or MUTE_H.match(word) is not None


def sentence(text: str) -> str:
    """Return the text with its first letter capitalised."""
    return text[:1].upper() + text[1:]


def of(name: str) -> str:
    """Return the name after « de »: « d’Agnès », « d’Hélène », « de Paul », « de Hassan ».

    Markup stays markup.
    """
    return ("d’" if is_elided(name) else "de ") + name


def of_place(name: str) -> str:
    """Return a commune or a body after « de »: « du Crès », « des Matelles », « d’Agde »."""
    for article, contracted in (("Le ", "du "), ("Les ", "des ")):
        if name.startswith(article):
            return contracted + name.removeprefix(article)
    return of(name)


def register_typography(app: Flask) -> None:
    app.jinja_env.filters.update(of=of, of_place=of_place, agreed=agreed)

    @app.after_request
    def keep_lines_together(response: Response) -> Response:
        is_whole = not (response.is_streamed or response.direct_passthrough)
        if response.mimetype == "text/html" and is_whole:
            response.set_data(unbreakable_page(response.get_data(as_text=True)))
        return response
