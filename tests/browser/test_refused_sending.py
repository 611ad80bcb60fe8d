"""A form that the web server had no room for is sent again by reloading the page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import check_is_fit
from tests.webserver.conftest import SmallServer, served, wait_for

FORM = """<form method="post" action="/echo">
  <input name="last_name" value="Aubrac"><button>Envoyer</button></form>"""


@pytest.fixture
def impatient_server() -> Iterator[SmallServer]:
    yield from served("impatient", workers=1)


def test_reloading_sends_again_what_was_filled_in(
    chromium: Browser, impatient_server: SmallServer, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    taken = tmp_path / "release.taken"
    page = chromium.new_page(base_url=f"http://127.0.0.1:{impatient_server.port}")
    with ThreadPoolExecutor() as pool:
        write = pool.submit(impatient_server.ask, "/wait", "POST", X_File=str(release))
        wait_for(taken.exists, "a write that holds the others up")
        page.goto("/echo")
        page.set_content(FORM)
        with page.expect_navigation() as refused:
            page.get_by_role("button", name="Envoyer").click()
        assert refused.value.status == 503
        check_is_fit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Le site est très demandé")
        expect(page.get_by_role("main")).to_contain_text("Rechargez cette page")
        release.touch()
        answer = write.result()
    assert answer is not None
    assert answer[0] == 200
    again = page.reload()
    assert again is not None
    assert (again.status, again.request.method) == (200, "POST")
    assert page.inner_text("body") == "last_name=Aubrac"
    page.close()


def test_a_page_that_was_refused_is_asked_again_by_its_link(
    chromium: Browser, impatient_server: SmallServer, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    taken = tmp_path / "release.taken"
    page = chromium.new_page(base_url=f"http://127.0.0.1:{impatient_server.port}")
    with ThreadPoolExecutor() as pool:
        read = pool.submit(impatient_server.ask, "/wait", X_File=str(release))
        wait_for(taken.exists, "a read that holds the others up")
        refused = page.goto("/environ?q=Agde")
        assert refused is not None
        assert refused.status == 503
        check_is_fit(page)
        release.touch()
        assert read.result() is not None
    page.get_by_role("link", name="Réessayer").click()
    expect(page.locator("body")).to_contain_text("q=Agde")
    page.close()
