"""A person at a desk, who follows the links and presses the buttons of the page; both counted."""

from collections import Counter
from typing import Any

from lxml import html
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.pages import PageClient


def plain(text: str) -> str:
    """Return a text with each run of blanks made one space."""
    return " ".join(text.split())


class Desk:
    """Only what the page shows can be followed, filled or pressed."""

    def __init__(self, client: PageClient) -> None:
        self.client = client
        self.part = ""
        self.clicks: Counter[str] = Counter()
        self.pages: Counter[str] = Counter()
        self.fields: Counter[str] = Counter()

    def open(self, path: str) -> None:
        """Open a page by the menu, or come back to it."""
        self.clicks[self.part] += 1
        self._show(self.client.get(path))

    def follow(self, words: str, near: str = "") -> TestResponse:
        """Follow the link of these words, else the first that has them; `near`: see `_around`."""
        links = [link for link in self._around(near).iter("a") if words in plain_of(link)]
        assert links, f"{self.path}: no link « {words} » near « {near} »: {self.text}"
        self.clicks[self.part] += 1
        exact = [link for link in links if plain_of(link) == words]
        return self._show(self.client.get((exact or links)[0].get("href")))

    def press(
        self, words: str, near: str = "", *, file: Any = None, status: int = 200, **typed: Any
    ) -> str:
        """Press the first button with these words, its form filled; return the next page."""
        buttons = [
            button
            for button in self._around(near).iter("button")
            if words in plain_of(button) and button.get("type", "submit") == "submit"
        ]
        assert buttons, f"{self.path}: no button « {words} » near « {near} »: {self.text}"
        (form, *_) = buttons[0].iterancestors("form")
        data = MultiDict(form.form_values())
        names = {field.get("name") for field in form.iter("input", "select", "textarea")}
        assert set(typed) <= names, f"{self.path}: no field {set(typed) - names}"
        for name, value in typed.items():
            data.setlist(name, value if isinstance(value, list) else [value])
        if buttons[0].get("name"):
            data.add(buttons[0].get("name"), buttons[0].get("value", ""))
        self.clicks[self.part] += 1
        self.fields[self.part] += len(typed)
        action = form.get("action") or self.path
        if form.get("method", "get") == "get":
            answer = self.client.get(action, query_string=data)
        else:
            sent = data.to_dict(flat=False) | ({"file": file} if file else {})
            answer = self.client.post(action, data=sent)
        self._show(answer, status)
        return self.text

    def confirm(self) -> str:
        """Press the button of the page that asks before an act."""
        (form,) = self.main.xpath(".//form[contains(@class, 'confirm')]")
        button = form.findall("button")[-1]
        return self.press(plain_of(button))

    def near(self, words: str) -> str:
        """Return what the smallest part of the page with these words says."""
        return plain_of(self._around(words))

    def _show(self, answer: TestResponse, status: int = 200) -> TestResponse:
        self.pages[self.part] += 1
        while answer.status_code in (302, 303):
            answer = self.client.get(answer.location)
        if answer.mimetype == "text/html":
            self.path = answer.request.full_path.rstrip("?")
            self.tree = html.fromstring(answer.get_data(as_text=True))
            self.main = self.tree.find(".//main")
            self.text = plain_of(self.main)
        assert answer.status_code == status, f"{answer.request.path}: {self.text}"
        return answer

    def _around(self, near: str) -> Any:
        if not near:
            return self.main
        parts = [
            part for part in self.main.iter("li", "tr", "section", "form") if near in plain_of(part)
        ]
        assert parts, f"{self.path}: nothing says « {near} »: {self.text}"
        return min(parts, key=lambda part: len(plain_of(part)))


def plain_of(element: Any) -> str:
    return plain(element.text_content())
