"""What a device keeps in the browser's own database."""

from typing import Any

from playwright.sync_api import Page

from tests.browser.inspection import until

BASE = """
const settled = (request) => new Promise((done, failed) => {
  request.onsuccess = () => done(request.result);
  request.onerror = () => failed(request.error);
});
const base = await settled(indexedDB.open(name));
const store = (name, mode) => base.transaction(name, mode).objectStore(name);
"""
ROWS = f"""async ([name, table]) => {{ {BASE}
  const rows = await settled(store(table).getAll());
  base.close();
  return rows;
}}"""
PUT = f"""async ([name, table, row]) => {{ {BASE}
  await settled(store(table, "readwrite").put(row));
  base.close();
}}"""


def stored_rows(page: Page, table: str = "queue", name: str = "station") -> list[Any]:
    """The rows that wait on the device, or those of another table."""
    rows: list[Any] = page.evaluate(ROWS, [name, table])
    return rows


def store_row(page: Page, row: dict[str, Any]) -> None:
    """Add a scan to those that wait on the device."""
    page.evaluate(PUT, ["station", "queue", row])


def until_sent(page: Page, name: str = "station") -> None:
    """Nothing waits on the device any more (what the page shows is empty before it has counted)."""
    until(page, f"async (names) => (await ({ROWS})(names)).length === 0", arg=[name, "queue"])
