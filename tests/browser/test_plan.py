"""The plan in a real browser: drawn by pointer and by keyboard, read by moving and searching."""

import re
from typing import Any

import pytest
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.conftest import LiveServer, axe, enter


@pytest.fixture
def desk(page: Page) -> Page:
    """An organiser at a computer, on the plan of hall 3."""
    page.set_viewport_size({"width": 1280, "height": 900})
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/plan/3")
    expect(page.get_by_role("button", name="Enregistrer le plan")).to_be_visible()
    return page


def stand(page: Page, number: str) -> Locator:
    return page.locator(f"#plan-drawing [aria-label^='Stand {number},']")


def label(page: Page, number: str) -> str:
    return stand(page, number).get_attribute("aria-label") or ""


def drag(page: Page, target: Locator, across: float, down: float) -> None:
    """Moves the pointer from the middle of `target` by metres of the drawing."""
    target.scroll_into_view_if_needed()
    box = target.bounding_box()
    assert box is not None
    pixels = page.evaluate(
        "() => { const svg = document.getElementById('plan-drawing');"
        " return svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }"
    )
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + across * pixels / 2, y + down * pixels / 2)
    page.mouse.move(x + across * pixels, y + down * pixels)
    page.mouse.up()


def save(page: Page) -> None:
    page.get_by_role("button", name="Enregistrer le plan").click()
    expect(page.get_by_text("Le plan est enregistré.")).to_be_visible()


def test_a_stand_is_dragged_by_half_metres_undone_and_saved(desk: Page) -> None:
    assert "x 20 m, y 7 m, 7 × 6 m" in label(desk, "61")
    drag(desk, stand(desk, "61"), -3.1, 1.2)
    assert "x 17 m, y 8 m" in label(desk, "61")
    expect(desk.locator("#plan-said")).to_have_text("stand 61 : x 17 m, y 8 m.")
    expect(desk.locator("#plan-state")).to_have_text("Des changements ne sont pas enregistrés.")
    desk.get_by_role("button", name="Annuler").click()
    assert "x 20 m, y 7 m" in label(desk, "61")
    expect(desk.locator("#plan-state")).to_have_text("Rien à enregistrer.")
    desk.get_by_role("button", name="Rétablir").click()
    save(desk)
    assert "x 17 m, y 8 m" in label(desk, "61")
    assert axe(desk) == []


def test_a_handle_changes_the_size(desk: Page) -> None:
    stand(desk, "66").click()
    drag(desk, desk.locator(".plan__handles [data-across='1'][data-down='1']"), 2.4, -1.1)
    assert "x 31,5 m, y 16 m, 16,5 × 6 m" in label(desk, "66")
    drag(desk, desk.locator(".plan__handles [data-across='-1'][data-down='0']"), 1, 0)
    assert "x 32,5 m, y 16 m, 15,5 × 6 m" in label(desk, "66")


def test_everything_by_keyboard(desk: Page) -> None:
    stand(desk, "61").focus()
    press = desk.keyboard.press
    press("ArrowLeft")
    press("ArrowUp")
    expect(desk.locator("#plan-said")).to_have_text("stand 61 : x 19,5 m, y 6,5 m.")
    press("Shift+ArrowRight")
    press("Shift+ArrowUp")
    expect(desk.locator("#plan-said")).to_have_text("stand 61 : 7,5 × 5,5 m.")
    press("d")
    expect(desk.locator("#plan-said")).to_contain_text("copie du 61")
    assert "libre" in label(desk, "69"), "the copy has the next free number, and nobody on it"
    press("Delete")
    expect(stand(desk, "69")).to_have_count(0)
    press("Control+z")
    expect(stand(desk, "69")).to_have_count(1)
    press("Control+y")
    expect(stand(desk, "69")).to_have_count(0)
    stand(desk, "61").focus()
    press("PageDown")
    expect(stand(desk, "62")).to_be_focused()
    press("Enter")
    expect(desk.get_by_label("Numéro", exact=True)).to_be_focused()
    desk.keyboard.type("620")
    press("Enter")
    expect(stand(desk, "620")).to_be_focused()
    desk.get_by_role("button", name="Enregistrer le plan").press("Enter")
    expect(desk.get_by_role("heading", name="Changer des stands du plan")).to_be_visible()
    save(desk)
    assert "19,5 m, y 6,5 m, 7,5 × 5,5 m" in label(desk, "61")
    expect(stand(desk, "620")).to_have_count(1)


def test_an_occupied_stand_is_kept(desk: Page) -> None:
    stand(desk, "66").focus()
    desk.keyboard.press("Delete")
    expect(desk.locator("#plan-said")).to_contain_text("occupé par Département")
    expect(stand(desk, "66")).to_have_count(1)


def test_an_occupied_stand_that_shrinks_is_said_before_and_after_saving(desk: Page) -> None:
    stand(desk, "66").focus()
    desk.keyboard.press("Shift+ArrowLeft")
    note = desk.locator(".plan-faults__note")
    expect(note).to_have_text("Stand 66, occupé par Département : 98 → 94,5 m².")
    save(desk)
    expect(desk.locator("main")).to_contain_text("Le stand 66 passe de 98 à 94,5 m²")
    expect(note).to_have_count(0)


def test_leaving_with_unsaved_work_asks_first(desk: Page) -> None:
    dialogs: list[str] = []

    def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        dialog.dismiss()

    desk.on("dialog", stay)
    stand(desk, "61").click()
    desk.keyboard.press("ArrowLeft")
    desk.get_by_role("link", name="Tous les halls").click(no_wait_after=True)
    expect(stand(desk, "61")).to_be_visible()
    assert dialogs == ["beforeunload"]
    assert "x 19,5 m" in label(desk, "61"), "nothing is lost"
    desk.get_by_role("button", name="Annuler").click()
    desk.get_by_role("link", name="Tous les halls").click()
    expect(desk.get_by_role("heading", name="Stands et plan")).to_be_visible()
    assert dialogs == ["beforeunload"], "nothing to lose, nothing asked"


def test_faults_are_said_in_words_and_shown_and_go_away(desk: Page) -> None:
    stand(desk, "61").focus()
    for _ in range(2):
        desk.keyboard.press("ArrowRight")
    words = "L’allée entre les stands 61 et 62 fait moins de 3 m."
    expect(desk.locator("#plan-faults")).to_contain_text(words)
    expect(desk.locator("#plan-said")).to_contain_text(words)
    assert desk.locator(".is-wrong").count() == 2
    for _ in range(10):
        desk.keyboard.press("ArrowRight")
    expect(desk.locator("#plan-faults")).to_contain_text("Les stands 61 et 62 se recouvrent.")
    desk.get_by_label("x, m", exact=True).fill("78,5")
    desk.keyboard.press("Tab")
    expect(desk.locator("#plan-faults")).to_contain_text("Le stand 61 dépasse du hall 3.")
    assert axe(desk) == []
    desk.get_by_role("button", name="Enregistrer le plan").click()
    expect(desk.get_by_role("alert")).to_contain_text("Le stand 61 dépasse du hall 3.")
    assert "x 78,5 m" in label(desk, "61"), "what was drawn is still there"
    desk.get_by_label("x, m", exact=True).or_(stand(desk, "61")).first.focus()
    stand(desk, "61").focus()
    desk.get_by_label("x, m", exact=True).fill("20")
    desk.keyboard.press("Tab")
    expect(desk.locator("#plan-faults")).to_contain_text("Tous les stands tiennent")
    expect(desk.locator(".is-wrong")).to_have_count(0)


def test_a_row_is_numbered_and_a_stand_added(desk: Page) -> None:
    stand(desk, "62").click()
    desk.get_by_text("Numéroter la rangée du stand choisi").click()
    desk.get_by_label("Premier numéro").fill("301")
    desk.get_by_label("Pas", exact=True).fill("2")
    desk.get_by_label("Sens").select_option("west")
    desk.get_by_role("button", name="Numéroter", exact=True).click()
    expect(desk.locator("#plan-said")).to_contain_text("301, 303, 305, 307")
    assert "x 20 m" in label(desk, "307")
    desk.get_by_role("button", name="Ajouter", exact=True).click()
    expect(desk.locator("#plan-faults")).to_contain_text("Tous les stands tiennent")
    desk.get_by_role("button", name="Enregistrer le plan").click()
    expect(desk.get_by_role("heading", name="Changer des stands du plan")).to_be_visible()
    save(desk)
    expect(desk.get_by_role("heading", name="9 stands")).to_be_visible()


def test_two_stands_move_together(desk: Page) -> None:
    stand(desk, "65").click()
    stand(desk, "67").click(modifiers=["Shift"])
    expect(desk.locator("#plan-who")).to_have_text("2 stands choisis")
    drag(desk, stand(desk, "67"), 0, 2)
    assert "y 28 m" in label(desk, "65")
    assert "y 28 m" in label(desk, "67")


def test_the_work_of_somebody_else_is_put_together_with_mine(desk: Page) -> None:
    drag(desk, stand(desk, "61"), -2, 0)
    other_page = desk.context.new_page()
    other_page.goto("/organisation/plan/3")
    drag(other_page, stand(other_page, "68"), 4, 0)
    save(other_page)
    desk.get_by_role("button", name="Enregistrer le plan").click()
    expect(desk.locator("main")).to_contain_text("enregistré par quelqu’un d’autre")
    assert "x 18 m" in label(desk, "61")
    assert "x 52 m" in label(desk, "68")
    assert axe(desk) == []
    save(desk)
    other_page.reload()
    assert "x 18 m" in label(other_page, "61")
    assert "x 52 m" in label(other_page, "68")


def test_the_editor_and_the_server_find_the_same_faults(desk: Page) -> None:
    """The rules stand in two languages: each layout is asked to both."""
    from salon.fair.engine.layout import NewStand
    from salon.fair.models import Hall
    from salon.fair.rules import faults_of
    from salon.platform.words.typography import unbreakable

    hall = Hall(name="3", width=80, depth=40, aisle=3, power_kw=18, has_water=False, area=3200)
    layouts = [
        [(5, 5, 3, 3), (8, 5, 3, 3)],
        [(5, 5, 3, 3), (9, 5, 3, 3)],
        [(5, 5, 3, 3), (7.5, 5, 3, 3), (40, 39, 3, 3)],
        [(5, 5, 2, 3), (7, 5, 2, 3), (9, 5, 2, 3)],
        [(0, 0, 80, 40)],
        [(10 + 3 * (i % 3), 10 + 3 * (i // 3), 3, 3) for i in range(9)],
        [(5, 5, 3, 3), (10, 10, 3, 3)],
        [(5, 5, 0.4, 3), (20, 5, 61, 3)],
        [(5, 5, 3, 3), (8, 8, 3, 3)],
    ]
    for boxes in layouts:
        stands = [NewStand(str(i + 1), *box) for i, box in enumerate(boxes)]
        values: list[dict[str, Any]] = [stand.values for stand in stands]
        shown = desk.evaluate(
            "async (stands) => {"
            " const editor = document.querySelector('script[src$=\"plan/editor.js\"]').src;"
            " const { faultsOf } = await import(editor.replace('editor.js', 'rules.js'));"
            " const hall = {name: '3', width: 80, depth: 40, aisle: 3, power: 18, water: false,"
            " elsewhere: new Set()};"
            " return faultsOf(hall, stands).map((one) => one.text); }",
            values,
        )
        assert sorted(shown) == sorted(
            unbreakable(fault.text) for fault in faults_of(hall, stands)
        ), boxes


def test_the_public_plan_is_moved_by_buttons_keys_and_pointer(
    page: Page, live_server: LiveServer
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto("/plan/3")
    svg = page.locator("#plan-drawing")

    def view() -> list[float]:
        return [float(line) for line in (svg.get_attribute("viewBox") or "").split()]

    home = view()
    page.get_by_role("button", name="Agrandir").click()
    assert view()[2] == pytest.approx(home[2] / 1.5)
    svg.focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowRight")
    moved = view()
    assert moved[2] < home[2] / 2
    drag(page, svg, -5, 3)
    assert view()[0] > moved[0]
    assert view()[1] < moved[1]
    page.keyboard.press("0")
    assert view() == home
    page.get_by_label("Un nom, un thème, un numéro de stand, un lieu").fill("energies")
    expect(page.locator("#plan-rows tr:visible")).to_have_count(1)
    expect(page.locator("#stand-65.is-found")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator("#stand-65.is-chosen")).to_have_count(1)
    assert view()[2] < home[2], "the view goes to the stand"
    assert axe(page) == []
    page.goto("/plan/3?q=O%C3%B9+sont+les+pompiers+%3F")
    expect(page.locator("#stand-68.is-found")).to_have_count(1)
    expect(page.locator("#plan-rows tr:visible")).to_have_count(1)
    expect(page.get_by_text("Aucun stand de ce hall ne porte ce nom.")).to_be_hidden()
    page.goto("/plan/3#stand-68")
    expect(page.locator("#stand-68.is-chosen")).to_have_count(1)
    page.locator("#stand-68 a").click()
    expect(page).to_have_url(f"{live_server.url}/village#sdis-34")
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/plan/3#stand-65")
    expect(page.locator("#stand-65.is-chosen")).to_have_count(1)
    settled = "() => { const still = scrollY === window.y; window.y = scrollY; return still; }"
    page.wait_for_function(settled, polling=250)
    expect(svg).to_be_in_viewport(ratio=1)


def test_two_fingers_enlarge_the_public_plan(page: Page) -> None:
    page.goto("/plan/3")
    svg = page.locator("#plan-drawing")
    # The script is there: what it adds to the page is.
    page.wait_for_load_state("networkidle")
    before = svg.get_attribute("viewBox")
    page.evaluate(
        """() => {
          const svg = document.getElementById("plan-drawing");
          const box = svg.getBoundingClientRect();
          const finger = (type, pointerId, x) => svg.dispatchEvent(new PointerEvent(type, {
            pointerId, pointerType: "touch", clientX: box.x + x, clientY: box.y + 60, bubbles: true,
          }));
          finger("pointerdown", 1, 150); finger("pointerdown", 2, 180);
          finger("pointermove", 2, 240); finger("pointerup", 1, 150); finger("pointerup", 2, 240);
        }"""
    )
    assert svg.get_attribute("viewBox") != before
    assert float((svg.get_attribute("viewBox") or "").split()[2]) < 40


def test_without_a_script_the_table_edits_and_the_search_finds(
    plain_page: Page, live_server: LiveServer
) -> None:
    page = plain_page
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/plan/2")
    expect(page.get_by_role("button", name="Enregistrer le plan")).to_be_hidden()
    page.locator("a[data-stand]", has_text="217").click()
    page.get_by_label("Distance au mur ouest").fill("25,5")
    page.get_by_role("button", name="Enregistrer le stand").click()
    expect(page.get_by_text("Le stand 217 est enregistré.")).to_be_visible()
    page.goto("/plan/3")
    page.get_by_label("Un nom, un thème, un numéro de stand, un lieu").fill("sdis")
    page.get_by_role("button", name="Chercher").click()
    page.locator("#plan-found .rows__link").click()
    expect(page).to_have_url(re.compile(r"/plan/3\?q=\w+#stand-68$"))
