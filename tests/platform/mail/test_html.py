"""HTML of messages: the words of the text, one button, styles inline, nothing fetched."""

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.platform.mail.catalogue import LABELS
from salon.platform.mail.delivery import sample_words
from salon.platform.mail.html import LABELS as LINK_LABELS
from salon.platform.mail.html import Picture, blocks_of, html_of, label_of
from salon.platform.mail.oppositions import UNSUBSCRIBE_PATH
from salon.platform.mail.wording import MailChoices
from salon.platform.settings.installation import ROOT

MOST_BYTES = 60_000
SITE = "http://127.0.0.1:5000"
LETTER = """Madame la Maire,

Votre inscription est enregistrée.

Quand : vendredi 1er octobre, 9 h – 17 h
Où : Parc des Expositions, Béziers

Votre badge, à montrer à l’entrée :
http://127.0.0.1:5000/badge/abc

À imprimer :
http://127.0.0.1:5000/badge/abc.pdf

- de 9 h à 10 h : stand 4
  http://127.0.0.1:5000/rendez-vous/xyz
- de 10 h à 11 h : stand 5

Écrivez à http://127.0.0.1:5000/contact.

L’équipe du salon"""


class Reader(HTMLParser):
    """Words and links of a page as a mail program shows them."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.is_hidden = tag in ("style", "title")
        if tag == "a":
            self.links.append(values["href"])
        self.fetched += [values[name] for name in ("src", "background") if name in values]
        self.fetched += [values["href"]] if tag == "link" else []

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden = False

    def handle_data(self, data: str) -> None:
        if not self.is_hidden:
            self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def words_of(text: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", re.sub(r"https?://\S+", "", text)))


def test_a_text_is_read_in_its_parts() -> None:
    blocks = [(block.kind, list(block.rows)) for block in blocks_of(LETTER, SITE)]
    assert [kind for kind, _ in blocks] == [
        *("paragraph", "paragraph", "facts", "paragraph", "button", "paragraph", "link"),
        *("list", "paragraph", "paragraph"),
    ]
    assert blocks[2][1] == [
        ("Quand", "vendredi 1er octobre, 9 h – 17 h"),
        ("Où", "Parc des Expositions, Béziers"),
    ]
    assert blocks[7][1] == [
        ["de 9 h à 10 h : stand 4", "http://127.0.0.1:5000/rendez-vous/xyz"],
        ["de 10 h à 11 h : stand 5"],
    ]


def test_alike_addresses_are_links_and_none_a_button() -> None:
    letter = "Anne\nhttp://127.0.0.1:5000/badge/a\n\nLuc\nhttp://127.0.0.1:5000/badge/b"
    assert [block.kind for block in blocks_of(letter, SITE)] == ["paragraph", "link"] * 2


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("/badge/abc", "Ouvrir le badge"),
        ("/e/2027/rendez-vous/abc", "Ouvrir le rendez-vous"),
        ("/mon-stand/3/facturation", "Voir la facturation"),
        ("/infos-pratiques", "Venir au salon"),
        ("/infos-pratiques#ecrire", "Écrire à l’organisation"),
        ("/autre", "Ouvrir la page"),
    ],
)
def test_a_button_says_what_it_opens(app: Flask, edition: Edition, path: str, label: str) -> None:
    with app.test_request_context():
        page = html_of("Objet", f"Lisez :\n{SITE}{path}", edition)
    assert re.search(rf'href="http://127.0.0.1:5000{path}"[^>]*>{label}</a>', page)


def test_the_words_of_a_button_are_those_of_an_address_that_mails_have() -> None:
    """An entry that no mail leads to is an address that is no more."""
    texts = [path.read_text() for path in (ROOT / "templates" / "mail").glob("*.txt")]
    paths = re.findall(r"public_url }}(/[^\s{]*(?:{{[^}]*}}[^\s{]*)*)", "\n".join(texts))
    used = {label_of(f"http://127.0.0.1:5000{re.sub('{{.*?}}', '7', path)}") for path in paths}
    used.add(label_of(f"http://127.0.0.1:5000{UNSUBSCRIBE_PATH}7"))  # written by a variable
    assert {label for _, label in LINK_LABELS} - used == set()


def test_the_link_that_stops_messages_is_never_the_button() -> None:
    stops = f"http://127.0.0.1:5000{UNSUBSCRIBE_PATH}7"
    blocks = blocks_of(f"Bonjour,\n\nÀ bientôt.\n{stops}", SITE)
    assert [block.kind for block in blocks][-1] == "link"
    kinds = [block.kind for block in blocks_of(f"{stops}\n\n{SITE}/inscription", SITE)]
    assert kinds == ["link", "button"]


def test_every_kind_says_in_html_what_its_text_says(app: Flask, edition: Edition) -> None:
    """Words and addresses are compared one by one; the page adds the subject and the foot."""
    faults = []
    with app.test_request_context():
        empty = read(html_of("", "", edition))
        foot = words_of(" ".join(empty.words))
        for kind in LABELS:
            subject, text = sample_words(kind, edition, MailChoices())
            page = html_of(subject, text, edition)
            reader = read(page)
            labels = Counter(
                word
                for words in re.findall(r"<a [^>]*>([^<]*)</a>", page)
                for word in re.findall(r"\w+", words)
            )
            said = words_of(" ".join(reader.words))
            expected = words_of(text) + words_of(subject) + foot
            if expected - said or said - expected - labels:
                faults.append((kind, expected - said, said - expected - labels))
            addresses = re.findall(r"https?://[^\s»]*[^\s».,;:!?)]", text)
            if Counter([*addresses, *empty.links]) != Counter(reader.links):
                faults.append((kind, addresses, reader.links))
            if reader.fetched or len(page.encode()) > MOST_BYTES or 'style="' not in page:
                faults.append((kind, reader.fetched, len(page)))
    assert faults == []


def test_the_page_has_the_colours_of_the_fair_and_its_picture(app: Flask, edition: Edition) -> None:
    edition.main_colour, edition.accent_colour = "#7a1f3d", "#ffd166"
    with app.test_request_context():
        page = html_of("Objet", LETTER, edition, Picture("cid:p@salon", "QR code du badge"))
    assert re.search(
        r'<a href="http://127.0.0.1:5000/badge/abc"[^>]*background-color: #7a1f3d', page
    )
    assert "border-bottom: 5px solid #ffd166" in page
    assert re.search('<img src="cid:p@salon" alt="QR code du badge"', page)
    assert "prefers-color-scheme: dark" in page
    assert re.search("<td [^>]*overflow-wrap: anywhere", page), "a long address widens a phone"
