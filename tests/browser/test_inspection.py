"""The inspection of a page notices what is wrong on a phone alone."""

import pytest
from playwright.sync_api import Browser

from tests.browser.inspection import (
    REMEMBER_LOOKS,
    axe,
    check_is_fit,
    set_width,
    violations_of_changes,
)

PAGE = f"""<!DOCTYPE html><html lang="fr"><title>Essai</title><style>
  .phone {{ display: none }}
  @media (max-width: 40rem) {{
    .phone {{ display: block }}
    .pale {{ color: #ddd }}
    .list {{ height: 3rem; overflow: auto }}
  }}
</style><main><h1>Essai</h1><p class="pale">Le bandeau</p>
<div class="phone"><img src="data:image/png;base64," width="20" height="20"></div>
<div class="list">{"<b>une ligne</b> " * 99}</div></main>"""


def test_what_only_a_phone_shows_paints_or_scrolls_is_noticed(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(PAGE)
    set_width(page, 1280)
    assert axe(page) == []
    page.evaluate(REMEMBER_LOOKS)
    set_width(page, 320)
    rules = {violation["rule"] for violation in violations_of_changes(page)}
    assert rules == {"color-contrast", "image-alt", "scrollable-region-focusable"}
    with pytest.raises(AssertionError, match="image-alt"):
        check_is_fit(page)


def test_what_is_wider_than_a_phone_is_noticed(chromium: Browser) -> None:
    page = chromium.new_page()
    page.set_content(PAGE.replace("<h1>", "<h1 style='width: 340px'>"))
    with pytest.raises(AssertionError, match="320"):
        check_is_fit(page)


TEXTS = """<!DOCTYPE html><html lang="fr"><title>Essai</title><style>
  .box { background: #fff } .pale { color: #bbb } .faded { opacity: 0.4 }
</style><main><h1>Essai</h1><div class="box"><p>Un texte</p><p>Un autre</p></div>
<button class="pale" disabled>Envoyer</button></main>"""
FADED = (
    ("<p>Un autre", "<p class='pale'>Un autre"),
    ("<p>Un autre", "<p class='faded'>Un autre"),
    ("background: #fff", "background: #555"),
    ("disabled", ""),
)
"""What makes one of the texts pale: its colour, its opacity, what is behind, what it is."""


@pytest.mark.parametrize(("words", "change"), FADED)
def test_a_pale_text_is_noticed_among_those_already_seen(
    chromium: Browser, words: str, change: str
) -> None:
    page = chromium.new_page()
    page.set_content(TEXTS)
    check_is_fit(page, with_contrast=True)
    page.set_content(TEXTS.replace(words, change))
    for _ in range(2):
        with pytest.raises(AssertionError, match="color-contrast"):
            check_is_fit(page, with_contrast=True)
