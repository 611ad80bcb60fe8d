"""The queue of what a device has to send, in a real Chromium and its real storage."""

import mimetypes
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route

from salon.platform.settings.installation import ROOT

HOST = "http://localhost:1"
START = """async (kind) => {
  const { Queue, StoredItems, localItems } = await import("/static/js/offline/queue.js");
  const { Store } = await import("/static/js/offline/store.js");
  const create = (base) => base.createObjectStore("queue", { keyPath: "id" });
  const items = kind === "stored"
    ? new StoredItems(new Store("line", create), "id")
    : localItems("line:", "id");
  globalThis.line = { items, batches: [], received: [], wrong: [], aside: [] };
  globalThis.queue = new Queue({
    next: async () => (await items.all())
      .filter(({ id }) => !line.aside.includes(id))
      .slice(0, 4),
    async send(batch) {
      const ids = batch.map(({ id }) => id);
      if (line.batches.push(ids) > 20) throw new Error("it sends without an end");
      const outcome = await line.meanwhile?.();
      if (outcome !== undefined) return outcome;
      if (ids.some((id) => line.wrong.includes(id))) return { refused: "wrong" };
      line.received.push(...ids);
      await items.remove(batch);
      return true;
    },
    setAside: ({ id }, refused) => { line.aside.push(id); line.reason = refused; },
  });
}"""
"""A queue of batches of four, and the server that receives them; `meanwhile` runs on their way."""
PUT = "(ids) => Promise.all(ids.map((id) => line.items.put({ id })))"
FLUSH = "() => queue.flush()"


def serve(route: Route) -> None:
    """Answer with our own files, and with an empty page for any other address."""
    path = ROOT / route.request.url.removeprefix(f"{HOST}/")
    if path.is_file():
        route.fulfill(path=path, content_type=mimetypes.guess_type(path.name)[0])
    else:
        route.fulfill(body="<!doctype html><title>Page</title>", content_type="text/html")


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page of our files, without a server."""
    with chromium.new_context(base_url=HOST) as context:
        context.route("**/*", serve)
        page = context.new_page()
        page.goto("/")
        page.evaluate(START, "stored")
        yield page


def batches(page: Page) -> list[list[int]]:
    sent: list[list[int]] = page.evaluate("() => line.batches")
    return sent


def waiting(page: Page) -> list[int]:
    ids: list[int] = page.evaluate("async () => (await line.items.all()).map(({ id }) => id)")
    return sorted(ids)


def test_all_is_sent_in_batches_the_oldest_first(page: Page) -> None:
    page.evaluate(PUT, [3, 1, 6, 2, 5, 4])
    page.evaluate(FLUSH)
    assert batches(page) == [[1, 2, 3, 4], [5, 6]]
    assert waiting(page) == []


@pytest.mark.parametrize("failure", ["false", "Promise.reject(new Error('broken'))"])
def test_what_failed_waits_and_is_sent_by_the_next_flush(page: Page, failure: str) -> None:
    page.evaluate(PUT, [1, 2, 3, 4, 5])
    page.evaluate(f"() => {{ line.meanwhile = () => {failure}; }}")
    page.evaluate("() => queue.flush().catch(() => {})")
    assert batches(page) == [[1, 2, 3, 4]]
    assert waiting(page) == [1, 2, 3, 4, 5]
    page.evaluate("() => { line.meanwhile = null; }")
    page.evaluate(FLUSH)
    assert page.evaluate("() => line.received") == [1, 2, 3, 4, 5]
    assert waiting(page) == []


def test_flushes_at_the_same_moment_send_each_item_once(page: Page) -> None:
    page.evaluate(PUT, [1, 2, 3, 4, 5])
    page.evaluate("() => Promise.all([queue.flush(), queue.flush(), queue.flush()])")
    assert batches(page) == [[1, 2, 3, 4], [5]]


def test_what_comes_while_it_sends_leaves_in_the_same_turn(page: Page) -> None:
    page.evaluate(PUT, [1])
    page.evaluate("""async () => {
      line.meanwhile = async () => {
        line.meanwhile = null;
        await line.items.put({ id: 2 });
        queue.flush();
      };
      await queue.flush();
    }""")
    assert batches(page) == [[1], [2]]


def test_a_flush_asked_while_another_fails_does_not_try_again_at_once(page: Page) -> None:
    page.evaluate(PUT, [1])
    page.evaluate("() => { line.meanwhile = () => { queue.flush(); return false; }; }")
    page.evaluate(FLUSH)
    assert batches(page) == [[1]]


def test_a_wrong_item_is_set_aside_alone_and_the_others_are_received_once(page: Page) -> None:
    page.evaluate(PUT, [1, 2, 3, 4, 5])
    page.evaluate("() => { line.wrong = [3]; }")
    page.evaluate(FLUSH)
    assert page.evaluate("() => [line.received, line.aside, line.reason]") == [
        [1, 2, 4, 5],
        [3],
        "wrong",
    ]
    assert waiting(page) == [3]


@pytest.mark.parametrize("kind", ["stored", "local"])
def test_what_waits_survives_a_reload_and_what_was_sent_does_not_come_back(
    page: Page, kind: str
) -> None:
    page.evaluate(START, kind)
    page.evaluate(PUT, [1])
    page.evaluate(FLUSH)
    page.evaluate(PUT, [2, 3])
    page.reload()
    page.evaluate(START, kind)
    assert waiting(page) == [2, 3]
    page.evaluate(FLUSH)
    assert sorted(page.evaluate("() => line.received")) == [2, 3]
    page.reload()
    page.evaluate(START, kind)
    assert waiting(page) == []


def test_an_item_changed_since_it_was_sent_is_kept(page: Page) -> None:
    page.evaluate("() => line.items.put({ id: 1, revision: 2 })")
    page.evaluate("""() => line.items.remove(
      [{ id: 1, revision: 1 }], (kept, sent) => kept.revision === sent.revision)""")
    assert waiting(page) == [1]
