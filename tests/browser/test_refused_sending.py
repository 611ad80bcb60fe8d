"""A form that the web server had no room for is sent again by reloading the page."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import check_is_fit, patient
from tests.processes import wait_for
from tests.webserver.conftest import SmallServer, served
from webserver.lanes import MOST_LASTING

FORM = """<form method="post" action="/echo">
  <input name="last_name" value="Aubrac"><button>Envoyer</button></form>"""


@pytest.fixture
def impatient_server() -> Iterator[SmallServer]:
    yield from served("impatient", workers=1)


@contextmanager
def held_up(server: SmallServer, folder: Path, method: str) -> Iterator[None]:
    """As many requests of this method as are answered at once hold the others up, until the end."""
    releases = [folder / f"release_{number}" for number in range(1 + MOST_LASTING)]
    with ThreadPoolExecutor() as pool:
        requests = []
        for release in releases:
            requests.append(pool.submit(answered, server, method, release))
            wait_for(Path(f"{release}.taken").exists, "an answer that lasts")
        try:
            yield
        finally:
            for release in releases:
                release.touch()
        answers = [request.result() for request in requests]
        assert [answer and answer[0] for answer in answers] == [200] * len(releases)


def answered(server: SmallServer, method: str, release: Path) -> tuple[int, bytes] | None:
    """Ask again while there is no room, which is made half a second after the answer before."""
    while (answer := server.ask("/wait", method, X_File=str(release))) and answer[0] == 503:
        pass
    return answer


@pytest.fixture
def page(chromium: Browser, impatient_server: SmallServer) -> Page:
    context = chromium.new_context(base_url=f"http://127.0.0.1:{impatient_server.port}")
    return patient(context).new_page()


def test_reloading_sends_again_what_was_filled_in(
    page: Page, impatient_server: SmallServer, tmp_path: Path
) -> None:
    with held_up(impatient_server, tmp_path, "POST"):
        page.goto("/echo")
        page.set_content(FORM)
        with page.expect_navigation() as refused:
            page.get_by_role("button", name="Envoyer").click()
        assert refused.value.status == 503
        check_is_fit(page)
        expect(page.get_by_role("heading", level=1)).to_have_text("Le site est très demandé")
        expect(page.get_by_role("main")).to_contain_text("Rechargez cette page")
    answer = page.reload()
    assert answer is not None
    assert (answer.status, answer.request.method) == (200, "POST")
    assert page.inner_text("body") == "last_name=Aubrac"


def test_a_page_that_was_refused_is_asked_again_by_its_link(
    page: Page, impatient_server: SmallServer, tmp_path: Path
) -> None:
    with held_up(impatient_server, tmp_path, "GET"):
        refusal = page.goto("/environ?q=Agde")
        assert refusal is not None
        assert refusal.status == 503
        check_is_fit(page)
    page.get_by_role("link", name="Réessayer").click()
    expect(page.locator("body")).to_contain_text("q=Agde")
