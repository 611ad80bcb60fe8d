"""The rota's grid in a real browser: by keyboard alone, by mouse, by finger, by two people."""

import re

import pytest
from playwright.sync_api import CDPSession, Locator, Page, ViewportSize, expect

from tests.browser.conftest import OpenBrowser, axe, enter, scrolls_sideways

GRID = "/organisation/village/planning"
SAVED = "Tout est enregistré dans le brouillon."
EMPTY = """async () => {
  const root = document.getElementById("rota");
  const { rows } = JSON.parse(document.getElementById("rota-state").textContent);
  const empty = rows.map(({ agent, version }) => ({ agent, version, shifts: [] }));
  const body = JSON.stringify({ rows: empty });
  const headers = { "Content-Type": "application/json", "X-CSRFToken": root.dataset.token };
  return (await fetch(root.dataset.rows, { method: "POST", body, headers })).status;
}"""


COMPUTER: ViewportSize = {"width": 1280, "height": 1000}


def open_grid(page: Page) -> None:
    page.goto(GRID)
    expect(page.locator("#rota.is-live")).to_be_visible()


@pytest.fixture
def desk(page: Page) -> Page:
    """An organiser at a computer, on an empty draft."""
    page.set_viewport_size(COMPUTER)
    enter(page, "Entrer comme organisateur")
    open_grid(page)
    assert page.evaluate(EMPTY) == 200
    open_grid(page)
    return page


def row(page: Page, number: int) -> Locator:
    return page.locator("#rota-grid tr[data-agent]").nth(number)


def cell(page: Page, number: int, hour: float) -> Locator:
    return row(page, number).locator("td").nth(int((hour - 8.5) * 2))


def held(page: Page, number: int) -> list[tuple[str, str, bool]]:
    """(« Stand, de 9 h à 11 h », locked) of an agent, once all is saved, as the server has it."""
    expect(page.locator("#rota-saved")).to_have_text(SAVED)
    agent = row(page, number).get_attribute("data-agent")
    shifts = page.request.get(f"{GRID}/lignes?agent={agent}").json()["rows"][0]["shifts"]
    names = page.evaluate(
        "() => Object.fromEntries(JSON.parse(document.getElementById('rota-state').textContent)"
        ".stands.map((one) => [one.id, one.name]))"
    )
    return [
        (
            names[str(shift["stand"])],
            f"{clock(shift['starts_at'])}-{clock(shift['ends_at'])}",
            shift["locked"],
        )
        for shift in shifts
    ]


def clock(instant: str) -> str:
    """« 9:30 » in Béziers, in the summer of the demonstration."""
    hour, minute = instant.partition("T")[2].split(":")[:2]
    return f"{int(hour) + 2}:{minute}"


def said(page: Page) -> Locator:
    return page.locator("#rota-said")


def middle(target: Locator) -> tuple[float, float]:
    box = target.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, start: tuple[float, float], end: tuple[float, float]) -> None:
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
    page.mouse.move(*end, steps=4)
    page.mouse.up()


COUNT_STEPS = """() => {
  window.steps = 0;
  const count = new MutationObserver(() => { window.steps += 1; });
  count.observe(document.getElementById("rota-hint"), { childList: true, subtree: true });
}"""
"""What a drag says changes with each half hour that it crosses."""


def layouts(session: CDPSession) -> float:
    """How often the browser has laid the page out since the session counts it."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(metric["value"] for metric in metrics if metric["name"] == "LayoutCount")


def test_a_rota_is_built_by_keyboard_alone(desk: Page) -> None:
    press = desk.keyboard.press
    for _ in range(120):
        press("Tab")
        if desk.evaluate("() => document.activeElement.matches('#rota-grid td')"):
            break
    expect(cell(desk, 0, 8.5)).to_be_focused()
    press("ArrowRight")
    press("Enter")
    expect(said(desk)).to_contain_text("Nouvelle vacation")
    for _ in range(3):
        press("ArrowRight")
    press("Enter")
    expect(said(desk)).to_contain_text("de 9 h à 11 h : posée.")
    (first,) = held(desk, 0)
    assert first[1:] == ("9:00-11:00", False)

    press("ArrowDown")
    press("Enter")
    press("2")
    press("ArrowRight")
    press("Enter")
    (second,) = held(desk, 1)
    assert second == ("THD", "9:00-10:00", False)

    press("Enter")
    expect(said(desk)).to_have_text(
        "Vacation de 9 h à 10 h prise, flèches pour déplacer, Entrée pour poser, "
        "Échap pour annuler."
    )
    press("ArrowRight")
    press("ArrowRight")
    press("Escape")
    expect(said(desk)).to_have_text("Geste annulé : rien n’a changé.")
    assert held(desk, 1) == [second]

    press("Enter")
    press("ArrowRight")
    press("ArrowRight")
    press("ArrowDown")
    expect(said(desk)).to_contain_text("de 10 h à 11 h")
    press("Enter")
    assert (held(desk, 1), held(desk, 2)) == ([], [("THD", "10:00-11:00", False)])

    press("ArrowRight")
    press("Shift+ArrowRight")
    press("Shift+ArrowRight")
    press("l")
    assert held(desk, 2) == [("THD", "10:00-12:00", True)]
    press("c")
    press("ArrowDown")
    press("v")
    assert held(desk, 3) == [("THD", "10:00-12:00", True)]
    press("Delete")
    assert held(desk, 3) == []
    press("Control+z")
    assert held(desk, 3) == [("THD", "10:00-12:00", True)]
    press("Control+z")
    press("Control+y")
    assert held(desk, 3) == [("THD", "10:00-12:00", True)]
    assert desk.evaluate("() => document.activeElement.matches('#rota-grid td')")
    desk.reload()
    expect(desk.locator("#rota.is-live")).to_be_visible()
    expect(cell(desk, 0, 9)).to_have_accessible_name(re.compile(f"{first[0]}, de 9.h à 11.h"))


def test_a_shift_is_painted_moved_given_and_stretched_by_mouse(desk: Page) -> None:
    drag(desk, middle(cell(desk, 0, 9)), middle(cell(desk, 0, 10.5)))
    (painted,) = held(desk, 0)
    assert painted[1] == "9:00-11:00"
    cover = desk.locator("#rota-cover tr", has_text=painted[0]).locator("td").nth(1)
    expect(cover).to_contain_text("1/")

    there, back = middle(cell(desk, 0, 16.5)), middle(cell(desk, 0, 13.5))
    desk.mouse.move(*middle(cell(desk, 0, 9.5)))
    desk.mouse.down()
    desk.evaluate(COUNT_STEPS)
    session = desk.context.new_cdp_session(desk)
    session.send("Performance.enable")
    before = layouts(session)
    desk.mouse.move(*there, steps=28)
    desk.mouse.move(*back, steps=12)
    laid_out, steps = layouts(session) - before, desk.evaluate("() => steps")
    assert steps >= 18
    assert 0 < laid_out <= steps + 6, "the browser lays out once a step, and is never made to"
    desk.mouse.up()
    assert [row[1] for row in held(desk, 0)] == ["13:00-15:00"]
    drag(desk, middle(cell(desk, 0, 13.5)), middle(cell(desk, 1, 14)))
    assert held(desk, 0) == []
    assert held(desk, 1) == [(painted[0], "13:30-15:30", False)]

    box = cell(desk, 1, 15).bounding_box()
    assert box
    end = box["x"] + box["width"] - 3, box["y"] + box["height"] / 2
    drag(desk, end, middle(cell(desk, 1, 16)))
    assert [row[1] for row in held(desk, 1)] == ["13:30-16:30"]
    box = cell(desk, 1, 13.5).bounding_box()
    assert box
    drag(desk, (box["x"] + 3, box["y"] + box["height"] / 2), middle(cell(desk, 1, 14.5)))
    assert [row[1] for row in held(desk, 1)] == ["14:30-16:30"]

    for _ in range(4):
        desk.get_by_role("button", name="Annuler").click()
    assert [row[1] for row in held(desk, 0)] == ["9:00-11:00"]
    assert held(desk, 1) == []
    desk.get_by_role("button", name="Rétablir").click()
    assert [row[1] for row in held(desk, 0)] == ["13:00-15:00"]


def test_a_shift_is_never_laid_upon_another(desk: Page) -> None:
    drag(desk, middle(cell(desk, 0, 9)), middle(cell(desk, 0, 10.5)))
    drag(desk, middle(cell(desk, 0, 14)), middle(cell(desk, 0, 12.5)))
    before = held(desk, 0)
    assert [row[1] for row in before] == ["9:00-11:00", "12:30-14:30"]
    drag(desk, middle(cell(desk, 0, 13)), middle(cell(desk, 0, 10)))
    expect(said(desk)).to_contain_text("choisissez une autre place")
    assert held(desk, 0) == before
    desk.mouse.move(*middle(cell(desk, 0, 13)))
    desk.mouse.down()
    desk.mouse.move(*middle(cell(desk, 0, 16)), steps=3)
    desk.keyboard.press("Escape")
    desk.mouse.up()
    assert held(desk, 0) == before


def test_buttons_do_it_all(desk: Page) -> None:
    cell(desk, 0, 9).click()
    desk.get_by_label("Stand", exact=True).select_option(label="SDIS 34 (8), pas prévu")
    desk.get_by_label("De", exact=True).select_option("9 h")
    desk.get_by_label("À", exact=True).select_option("10 h 30")
    desk.get_by_role("button", name="Poser").click()
    assert held(desk, 0) == [("SDIS 34", "9:00-10:30", False)]
    expect(desk.locator("#rota-breaks")).to_contain_text("Pas prévu sur : SDIS 34")
    expect(said(desk)).to_contain_text("Attention")
    desk.get_by_label("À", exact=True).select_option("11 h")
    desk.get_by_role("button", name="Verrouiller").click()
    assert held(desk, 0) == [("SDIS 34", "9:00-11:00", True)]
    desk.get_by_role("button", name="Copier la ligne").click()
    cell(desk, 1, 9).click()
    desk.get_by_role("button", name="Coller").click()
    assert len(held(desk, 1)) == 1
    desk.get_by_role("button", name="Vider").click()
    assert held(desk, 1) == []
    cell(desk, 0, 9).click()
    desk.get_by_role("button", name="Supprimer").click()
    assert held(desk, 0) == []


def test_what_lacks_is_shown_place_after_place_and_filled(desk: Page) -> None:
    words = desk.locator("#rota-gaps-words")
    expect(words).to_contain_text("sans assez d’agents")
    before = words.text_content()
    desk.get_by_role("button", name="Voir le premier").click()
    now = desk.locator("#rota-gap-now")
    expect(now).to_contain_text("il manque")
    first = now.text_content()
    desk.get_by_role("button", name="Suivant").click()
    assert now.text_content() != first
    desk.locator("#rota-stands td[data-at]").nth(9).click()
    able = now.get_by_role("button").first
    name = able.text_content() or ""
    able.click()
    expect(said(desk)).to_contain_text(name)
    expect(desk.locator("#rota-saved")).to_have_text(SAVED)
    assert before


def test_of_two_people_nobody_is_overwritten(desk: Page) -> None:
    """The second sees the row as it is, keeps the gesture in sight, and can make it again."""
    other_page = desk.context.new_page()
    other_page.set_viewport_size(COMPUTER)
    other_page.route("**/planning/etat", lambda route: route.abort())
    open_grid(other_page)
    drag(desk, middle(cell(desk, 0, 9)), middle(cell(desk, 0, 10.5)))
    assert [row[1] for row in held(desk, 0)] == ["9:00-11:00"]
    drag(other_page, middle(cell(other_page, 0, 14)), middle(cell(other_page, 0, 15.5)))
    refusal = other_page.get_by_role("alertdialog")
    expect(refusal).to_contain_text("Quelqu’un d’autre vient de modifier la ligne de")
    expect(refusal).to_contain_text("de 14 h à 16 h")
    expect(cell(other_page, 0, 9)).to_have_class(re.compile("is-run"))
    expect(cell(other_page, 0, 14)).to_contain_text("votre geste")
    assert [row[1] for row in held(other_page, 0)] == ["9:00-11:00"]
    assert axe(other_page) == []
    other_page.get_by_role("button", name="Refaire mon geste").click()
    assert [row[1] for row in held(other_page, 0)] == ["9:00-11:00", "14:00-16:00"]
    expect(refusal).to_be_hidden()
    # The first sees it arrive without reloading; what was undone meanwhile is not theirs.
    expect(cell(desk, 0, 14)).to_have_accessible_name(re.compile("de 14.h à 16.h"))
    expect(said(desk)).to_contain_text("Quelqu’un d’autre vient de modifier")
    desk.get_by_role("button", name="Annuler").click()
    expect(said(desk)).to_contain_text("ne peut plus être annulé")
    assert len(held(desk, 0)) == 2


def test_what_is_done_while_the_network_is_away_is_saved_after(desk: Page) -> None:
    desk.context.set_offline(True)
    drag(desk, middle(cell(desk, 0, 9)), middle(cell(desk, 0, 10.5)))
    drag(desk, middle(cell(desk, 1, 9)), middle(cell(desk, 1, 10)))
    expect(desk.locator("#rota-saved")).to_contain_text("2 gestes en attente")
    desk.context.set_offline(False)
    assert [row[1] for row in held(desk, 0)] == ["9:00-11:00"]
    assert [row[1] for row in held(desk, 1)] == ["9:00-10:30"]


def test_by_finger_on_a_phone(open_browser: OpenBrowser) -> None:
    context = open_browser(has_touch=True)
    page = context.new_page()
    enter(page, "Entrer comme organisateur")
    open_grid(page)
    assert page.evaluate(EMPTY) == 200
    open_grid(page)
    assert not scrolls_sideways(page)
    page.locator("#rota-agents").evaluate(
        "(box) => box.scrollIntoView({ block: 'start', behavior: 'instant' })"
    )
    cell(page, 0, 9).tap()
    expect(page.locator("#rota-who")).to_contain_text(", 9 h")
    page.get_by_role("button", name="Poser").click()
    assert [row[1] for row in held(page, 0)] == ["9:00-11:00"]
    assert axe(page) == []
    # A finger that waits takes the shift; one that slides at once scrolls.
    touch = context.new_cdp_session(page)

    def finger(kind: str, *points: tuple[float, float]) -> None:
        where = [{"x": x, "y": y} for x, y in points]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": where})

    page.locator("#rota-agents").evaluate("(box) => { box.scrollLeft = 0; }")
    page.locator("#rota-agents").evaluate(
        "(box) => box.scrollIntoView({ block: 'start', behavior: 'instant' })"
    )
    start, end = middle(cell(page, 0, 9)), middle(cell(page, 0, 10))
    finger("touchStart", start)
    expect(page.locator("#rota-grid.is-dragging")).to_have_count(1)
    finger("touchMove", end)
    finger("touchEnd")
    assert [row[1] for row in held(page, 0)] == ["10:00-12:00"]


def test_without_script_the_grid_reads_and_a_form_edits(plain_page: Page) -> None:
    page = plain_page
    enter(page, "Entrer comme organisateur")
    page.goto(GRID)
    name = page.locator(".rota-who__name").first
    expect(page.locator("#rota-grid tr[data-agent]").first).to_be_visible()
    expect(page.get_by_role("button", name="Poser")).to_be_hidden()
    name.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vacations de")
    new = page.locator("section", has=page.get_by_role("heading", name="Ajouter une vacation"))
    before = page.locator(".rota-shift").count()
    new.get_by_label("Début").select_option("10 h")
    new.get_by_label("Fin").select_option("9 h")
    new.get_by_role("button", name="Ajouter cette vacation").click()
    expect(page.get_by_role("alert")).to_contain_text("corrigez l’heure de fin")
    assert new.get_by_label("Début").input_value().endswith("08:00:00+00:00"), (
        "what was typed stays"
    )
    while page.get_by_role("button", name="Retirer").count():
        page.get_by_role("button", name="Retirer").first.click()
    new.get_by_label("Début").select_option("10 h")
    new.get_by_label("Fin").select_option("11 h 30")
    new.get_by_role("button", name="Ajouter cette vacation").click()
    expect(page.get_by_text("La vacation est enregistrée dans le brouillon.")).to_be_visible()
    expect(page.get_by_role("heading", name="10 h – 11 h 30")).to_be_visible()
    assert before
