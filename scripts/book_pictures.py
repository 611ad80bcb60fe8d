"""The pictures of « Remplir le salon »: the list of communes, and how one is followed."""

from playwright.sync_api import Browser

from scripts.picture_taking import desk, enter, take
from tests.invitations.book.lists import directory, elected_list

LISTS = {"maires.csv": elected_list, "mairies.json": directory}
FOLLOWED, CALLED_ON = "Agde", "2021-05-03"


def book(browser: Browser, address: str) -> None:
    """Fill the book by its two public lists, follow a commune, show what is seen then."""
    page = desk(browser, address).new_page()
    enter(page, "Entrer comme organisateur")
    for name, content in LISTS.items():
        page.goto("/organisation/communes/importer")
        file = {"name": name, "mimeType": "text/plain", "buffer": content()}
        page.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
        page.get_by_role("button", name="Vérifier la liste").click()
        page.get_by_role("button", name="Enregistrer les lignes cochées").click()
    page.goto("/organisation/communes")
    page.get_by_role("link", name=FOLLOWED, exact=True).click()
    page.get_by_label("Qui la suit").select_option(index=1)
    page.get_by_label("Prochain appel").fill(CALLED_ON)
    page.get_by_label("Note").fill("Le cabinet rappelle après le conseil municipal.")
    page.get_by_role("button", name="Enregistrer le suivi").click()
    main = page.get_by_role("main")
    take(
        page,
        "commune-suivi",
        page.get_by_role("heading", level=1),
        page.get_by_label("Pourquoi"),
        main,
    )
    page.goto("/organisation/communes")
    rows = page.locator(".rows--invited > li")
    take(page, "communes-liste", page.get_by_role("heading", level=1), rows.nth(4), main)
