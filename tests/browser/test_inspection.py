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
