"""Made-up badge codes, shown at a door that has no network."""

import base64
import secrets

from playwright.sync_api import sync_playwright

from bench.demonstration import demonstration
from bench.hostile.cases import Case
from bench.report import exactly
from tests.browser.hall import Station, enrol

FORGED = 10_000
JUDGED = """async ([codes, door]) => {
  const page = document.querySelector("script[src*=fichiers]").src;
  const part = (name) => import(page.replace("scanner/scanner.js", `station/${name}.js`));
  const [{ find }, { judge }, { doorNow }] = await Promise.all(["list", "judge", "seen"].map(part));
  let letIn = 0;
  for (const code of codes) {
    letIn += judge(await find(code), doorNow(door), "in", Date.now(), null).letIn;
  }
  return letIn;
}"""


def forged_codes_let_in() -> float:
    """Return how many of 10,000 random codes of the right shape a door lets in without network."""
    codes = [base64.b32encode(secrets.token_bytes(16)).decode().rstrip("=") for _ in range(FORGED)]
    with demonstration(30) as (server, folder), sync_playwright() as playwright:
        station = Station("forger", folder / "forger", server.url)
        enrol(station, playwright)
        station.context.set_offline(True)
        let_in = station.page.evaluate(JUDGED, [codes, "A"])
        station.context.close()
    return float(let_in)


CASES = (
    Case(
        f"{FORGED:,} forged codes offline: let in",
        f"{FORGED:,}",
        exactly(0),
        forged_codes_let_in,
        digits=0,
    ),
)
