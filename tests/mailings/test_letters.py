"""The message as it leaves: Markdown in its text and its HTML, fields, reply address, secrets."""

import re
from email import message_from_bytes, policy

import pytest
from flask import Flask

from salon.fair.models import Edition
from salon.mailings.engine import Recipient, filled, one_per_address
from salon.mailings.rules import check_words
from salon.mailings.services.letters import unsent_letter
from salon.platform.mail.delivery import copy_of, envelope, shown_words_of
from salon.platform.mail.html import blocks_of, linked, listed
from salon.platform.mail.wording import BraceAlone, UnknownField
from salon.platform.words.markdown import mail_text
from tests.mailings.make import make_mailing
from tests.platform.mail.test_html import SITE, read, words_of

TEXT = """{civilité},

Le parking **change** de *côté* : voyez [le plan](https://plan.example/a?b=1).

## À savoir

- le café à 8 h 30
- l’entrée au nord,
  avenue du Viguier

1. entrer
2. saluer

[Ouvrir mon badge]({lien})

Quand : {jour}
Où : {lieu}"""
READER = Recipient("attendee:1", "a@b.example", "Mme Zoé Zen", "Madame", path="/badge/abcdef")


def test_both_parts_say_the_same_and_each_mark_is_read_back(app: Flask, edition: Edition) -> None:
    mailing = make_mailing(edition, text=TEXT, reply_to="claire@amf34.example")
    mail = message_from_bytes(envelope(unsent_with_id(edition, mailing), []), policy=policy.default)
    assert mail["Reply-To"] == "claire@amf34.example"
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    page = mail.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert "Le parking *change* de _côté_" in text
    assert "«\xa0le plan\xa0» <https://plan.example/a?b=1>" in text
    assert "**" not in text
    assert "](" not in text
    assert re.search("<strong[^>]*>change</strong> de <em[^>]*>côté</em>", page)
    assert re.search("<strong[^>]*>À savoir</strong>", page)
    assert page.count("<li") == 2
    assert "<th" in page
    assert re.search(r'class="button"[^>]*><a[^>]*/badge/abcdef"[^>]*>Ouvrir mon badge', page)
    words = re.sub(r"https?://\S+", "", text).replace("_", " ")
    assert not words_of(words) - words_of(" ".join(read(page).words))


def unsent_with_id(edition: Edition, mailing: object) -> object:
    message = unsent_letter(edition, mailing, READER)  # type: ignore[arg-type]
    message.message_id = "<1@salon>"
    return message


def test_its_copy_hides_the_private_address(app: Flask, edition: Edition) -> None:
    message = unsent_letter(edition, make_mailing(edition, text=TEXT), READER)
    assert "abcdef" not in copy_of(message, []).text + shown_words_of(message)[1]
    assert "/badge/••••••••" in shown_words_of(message)[1]


def test_a_value_is_never_read_as_a_mark_a_link_or_a_field() -> None:
    reader = Recipient("", "", "« Payez » <https://x.example> *{lien}*")
    assert filled("À {Nom} !", reader, {}) == "À « Payez » https://x.example lien !"
    assert filled("Bonjour {nom}, à {commune}.", Recipient("", ""), {}) == "Bonjour, à."


@pytest.mark.parametrize(
    ("subject", "text", "refusal"),
    [
        ("Bonjour", "{prénom}", UnknownField),
        ("{lien}", "Bonjour", UnknownField),
        ("Bonjour", "Bonjour {nom", BraceAlone),
    ],
)
def test_an_unknown_field_or_a_lone_brace_is_refused(
    subject: str, text: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        check_words(subject, text)
    check_words("{Salon_court} et {COMMUNE}", "{civilite} {nom} {lien}")


def test_what_the_public_typed_has_neither_emphasis_nor_worded_links() -> None:
    line = "«\xa0Payez\xa0» <https://x.example> *ici*"
    assert "Payez</a>" not in linked(line, SITE)
    assert "<strong>" not in linked(line, SITE)
    assert linked(line, SITE, is_marked=True) == (
        '<a href="https://x.example">Payez</a> <strong>ici</strong>'
    )
    for address in ("https://x.example/badge/a", f"{SITE}@x.example/badge/a", f"{SITE}.x/badge/a"):
        words = address.partition("://")[2]
        link = f'<a href="{address}">{words}</a>'
        assert linked(address, SITE) == listed([address], SITE) == link
        assert [block.kind for block in blocks_of(address, SITE)] == ["paragraph"]
    assert ">Ouvrir le badge</a>" in linked(f"{SITE}/badge/a", SITE)
    assert linked("a_b_c 2*3*4 <b>", SITE, is_marked=True) == "a_b_c 2*3*4 &lt;b&gt;"


def test_a_hostile_markdown_stays_text() -> None:
    assert mail_text("[x](javascript:alert(1)) <script> ![i](http://a.example/p.gif)").startswith(
        "[x](javascript:alert(1)) <script>"
    )


def test_people_of_one_address_are_greeted_together() -> None:
    people = [Recipient(f"attendee:{n}", a, "Mme A", path="/badge/a") for n, a in enumerate("aAb")]
    shared, own = one_per_address(people)
    assert (shared.name, shared.path, shared.others) == ("", "", 1)
    assert own.path == "/badge/a"
