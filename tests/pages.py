"""A test client that reads each HTML page it is given as a strict reader would."""

import re
from functools import cache
from html import unescape
from typing import Any

import html5lib
from flask import g
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from salon.platform.database.db import db
from scripts import build_styles
from tests.described import check_answer

NAMESPACE = "{http://www.w3.org/1999/xhtml}"
INVISIBLE = ("script", "style", "template", "noscript")
DATA = ("application/json", "application/ld+json")
LETTER = "/lettre"
"""End of the addresses of mails in a frame, whose programs want their styles inline."""
LABELLED = ("input", "select", "textarea")


SHAPE = re.compile(
    r"<[/!]?[a-zA-Z][a-zA-Z0-9-]*"
    r"|\s(?:id|for|name|type|method|src|style|aria-label|required|autocomplete|maxlength)(?:=(?:\"[^\"]*\"|[^\s>\"]+))?"
)
CLASSES = re.compile(r'\sclass="([^"]*)"')
IDS = re.compile(r'\sid="([^"]*)"')
UNSEEN = re.compile(r"<(script|style|template|noscript)\b.*?</\1>", re.DOTALL)
TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)
HEADING = re.compile(r"<h1\b[^>]*>(.*?)</h1>", re.DOTALL)
MAIN = re.compile(r"<main\b[^>]*>(.*<h1\b.*)</main>", re.DOTALL)
ALONE = '<!DOCTYPE html><html lang="fr"><head><title>-</title></head><body>{}</body></html>'
READ: set[int] = set()


def check_page(text: str, path: str) -> None:
    """Read a page strictly, once a run for each shape of its main part and of its frame: tags in
    their order, with what names and labels them. A part of a shape already read is looked through
    for what its data may do."""
    class_names = {name for names in set(CLASSES.findall(text)) for name in names.split()}
    assert not class_names & classes_without_rules(), f"{path}: a class whose rules are not served"
    ids = IDS.findall(text)
    assert len(ids) == len(set(ids)), f"{path}: duplicate ids {sorted(ids)}"
    check_title(text, path)
    for part in parts_of(text):
        shape = hash(tuple(SHAPE.findall(part)))
        if shape in READ:
            check_words(unescape(re.sub(r"<[^>]*>", " ", UNSEEN.sub(" ", part))), path)
        else:
            read_strictly(part, path)
            READ.add(shape)


def check_title(text: str, path: str) -> None:
    """Fail on a title that does not start with the heading."""
    heading, title = (text_of(pattern, text, path) for pattern in (HEADING, TITLE))
    assert title.startswith(heading), f"{path}: title {title!r} does not start with {heading!r}"


def text_of(pattern: re.Pattern[str], text: str, path: str) -> str:
    """Return the text of the first match of an element, blanks made one space."""
    match = pattern.search(text)
    assert match, f"{path}: nothing like {pattern.pattern}"
    return re.sub(r"[ \n\t]+", " ", unescape(re.sub(r"<[^>]*>", "", match[1]))).strip()


def parts_of(text: str) -> tuple[str, ...]:
    """Return a page as two: one with a heading for its main part, and the main part alone.

    Nothing is open around a main part but the body: each is as right alone as in the page.
    """
    main = MAIN.search(text)
    if main is None:
        return (text,)
    frame = text[: main.start(1)] + "<h1>-</h1>" + text[main.end(1) :]
    return frame, ALONE.format(main[0])


@cache
def classes_without_rules() -> set[str]:
    """Bootstrap's classes whose rules `scripts/build_styles.py` left out."""
    whole, served = build_styles.WHOLE.read_text(), build_styles.SERVED.read_text()
    return build_styles.classes_of(whole) - build_styles.classes_of(served)


def read_strictly(text: str, path: str) -> None:
    """Fail on a parse error, not one <h1>, a duplicate id, an input without label, a POST form
    without token, an inline script or style, or the traces of a template gone wrong."""
    parser = html5lib.HTMLParser()
    tree = parser.parse(text)
    assert not parser.errors, f"{path}: {parser.errors[:3]}"
    elements = list(tree.iter())
    elements_by_name = {
        name: [e for e in elements if e.tag == NAMESPACE + name]
        for name in ("h1", "form", "label", "script", *LABELLED)
    }
    assert len(elements_by_name["h1"]) == 1, f"{path}: {len(elements_by_name['h1'])} h1"
    ids = [e.get("id") for e in elements if e.get("id")]
    assert len(ids) == len(set(ids)), f"{path}: duplicate ids {sorted(ids)}"
    targets = {label.get("for") for label in elements_by_name["label"]}
    inside = {id(e) for label in elements_by_name["label"] for e in label.iter()}
    for kind in LABELLED:
        for element in elements_by_name[kind]:
            if element.get("type") in ("hidden", "submit", "button"):
                continue
            has_label = element.get("id") in targets or id(element) in inside
            assert has_label or element.get("aria-label"), f"{path}: {kind} without label"
    for element in elements:
        check_attributes(element, path)
    for form in elements_by_name["form"]:
        if (form.get("method") or "get").lower() == "post":
            names = {e.get("name") for e in form.iter()}
            assert "csrf_token" in names, f"{path}: a POST form has no token"
    assert all(e.get("src") or e.get("type") in DATA for e in elements_by_name["script"]), path
    if not path.endswith(LETTER):
        assert not [e for e in elements if e.get("style") is not None], f"{path}: inline style"
    check_words(words(tree, skip=INVISIBLE), path)


def check_words(visible: str, path: str) -> None:
    """Fails on the traces of a template gone wrong, and on a success that is said twice."""
    assert "{{" not in visible or "{{7*7}}" in visible, f"{path}: a template shows through"
    assert not re.search(r"(?<!If-)\bNone\b", visible), f"{path}: None in the text"
    assert "<Macro " not in visible, f"{path}: a macro in the place of an argument"
    assert "\\xa0" not in visible, f"{path}: an escaped space in the text"
    assert not re.search(r"C’est fait\s:\s+C’est", visible), f"{path}: a success said twice"


def check_attributes(element: Any, path: str) -> None:
    """Fail on what the validator of the W3C refuses of the controls of a form."""
    if element.tag not in [NAMESPACE + name for name in LABELLED]:
        return
    location = f"{path}: {element.get('name')}"
    assert element.get("description") is None, f"{location} has a description that nobody reads"
    if element.get("type") == "hidden":
        for name in ("autocomplete", "maxlength", "required"):
            assert element.get(name) is None, f"{location} is hidden and has {name}"
    if element.tag == NAMESPACE + "input":
        assert element.get("autocomplete") != "street-address", f"{location} is one line"
    if element.tag == NAMESPACE + "select" and element.get("required") is not None:
        first = element.find(f".//{NAMESPACE}option")
        is_empty = first is not None and first.get("value") == ""
        assert is_empty or element.get("multiple") is not None, (
            f"{location} has no empty first choice"
        )


def words(element: Any, skip: tuple[str, ...] = ()) -> str:
    """Return the text inside an element, blanks made one space."""
    parts: list[str] = []

    def read(item: Any) -> None:
        tag = item.tag if isinstance(item.tag, str) else ""
        if tag.removeprefix(NAMESPACE) in skip or not tag:
            return
        parts.append(item.text or "")
        for child in item:
            read(child)
            parts.append(child.tail or "")

    read(element)
    return re.sub(r"[ \n\t]+", " ", "".join(parts)).strip()


class PageClient(FlaskClient):
    """Checks every HTML answer, and the API's by its description; follows forms with their token
    and key.

    `is_strict`: unset where a long page is read again and again, a line shorter each time.
    """

    is_strict = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        # Flask lends the test's application context to the request: give it back clean.
        vars(g).clear()
        response = super().open(*args, **{"buffered": True, **kwargs})
        vars(g).clear()
        db.session.rollback()
        is_page = response.mimetype == "text/html" and response.status_code != 302
        if self.is_strict and is_page and response.data:
            check_page(response.get_data(as_text=True), response.request.path)
        check_answer(response)
        return response

    def token(self, path: str) -> str:
        """Return the CSRF token of the forms of a page."""
        page = self.get(path).get_data(as_text=True)
        match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert match, f"no form on {path}"
        return match[1]

    def fill(self, path: str, to: str = "", **fields: Any) -> TestResponse:
        """Open a page and send `fields` to it, or to `to`, with its token and submission key."""
        page = self.get(path).get_data(as_text=True)
        hidden = dict(re.findall(r'name="(csrf_token|submission_key)"[^>]*value="([^"]+)"', page))
        return self.post(to or path, data={**hidden, **fields})

    def confirm(self, answer: TestResponse) -> TestResponse:
        """Press the button of the page that asks before an act."""
        assert answer.status_code == 200, answer.get_data(as_text=True)[:1500]
        page = answer.get_data(as_text=True)
        form = re.search(
            r'<form class="form__end confirm" method="post" action="([^"]+)">(.*?)</form>',
            page,
            re.DOTALL,
        )
        assert form, "no page that asks"
        fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(unescape(value))
        return self.post(unescape(form[1]), data=data)
