"""The page of a job follows it without being asked, and opens again when it is over."""

import json
import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe, enter


def change_last(server: LiveServer, table: str, **columns: object) -> None:
    """Change the newest job of a table, as the worker does."""
    names = ", ".join(f"{name} = ?" for name in columns)
    newest = f"(SELECT max(id) FROM {table})"
    server.execute(f"UPDATE {table} SET {names} WHERE id = {newest}", *columns.values())


def test_the_progress_of_a_rota_is_told_then_that_it_failed(
    page: Page, live_server: LiveServer
) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/village/calculs")
    page.get_by_role("button", name="Calculer le planning").click()
    expect(page.locator("main")).to_contain_text("Le calcul va commencer")
    progress = {"stage": "soft", "missing": 3, "cost": None, "bound": None, "seconds": 12.4}
    change_last(live_server, "rota_runs", status="running", progress=json.dumps(progress))
    expect(page.locator("[data-progress=stage]")).to_have_text("Répartir au plus juste")
    expect(page.locator("dl")).to_contain_text(re.compile(r"12 s\s+Agents manquants\s*3\s"))
    expect(page.locator("dl")).to_contain_text("à dire")
    change_last(live_server, "rota_runs", status="failed")
    expect(page.locator("main")).to_contain_text("Le calcul n’a pas abouti")
    assert axe(page) == []


def test_the_gauge_of_a_print_run_moves(page: Page, live_server: LiveServer) -> None:
    enter(page, "Entrer comme organisateur")
    page.goto("/organisation/badges")
    page.get_by_role("button", name=re.compile("^(Préparer|Lancer|Imprimer)")).last.click()
    gauge = page.locator(".gauge")
    expect(gauge).to_contain_text("0 sur")
    change_last(live_server, "print_runs", status="running", done=7, total=9)
    expect(gauge).to_contain_text("7 sur 9")
    assert gauge.locator("progress").evaluate("bar => [bar.value, bar.max]") == [7, 9]
    change_last(live_server, "print_runs", status="failed")
    expect(page.locator("main")).to_contain_text("Le fichier n’a pas pu être écrit")
