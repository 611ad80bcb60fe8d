"""Camera, light and sound that the system takes from a station come back, or the page says so."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import LiveServer, axe, until
from tests.browser.kiosk import open_kiosk
from tests.browser.stations import enrol

WATCHED = """(() => {
  window.cameras = [];
  window.asked = [];
  const camera = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    asked.push(wanted.video);
    if (window.isTaken) throw new DOMException("another application has it", "NotReadableError");
    const stream = await camera(wanted);
    cameras.push(stream.getVideoTracks()[0]);
    return stream;
  };
  window.lights = [];
  const light = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (kind) => {
    const lock = await light(kind);
    lights.push(lock);
    return lock;
  };
  const Sound = AudioContext;
  window.AudioContext = class extends Sound {
    constructor() {
      super();
      window.sound = this;
    }
  };
})()"""
"""Keeps what the browser gave to the page, as it gave it."""

SLOW = """(() => {
  window.requests = [];
  const camera = navigator.mediaDevices.getUserMedia;
  navigator.mediaDevices.getUserMedia = async (constraints) => {
    await new Promise((grant) => requests.push(grant));
    return camera(constraints);
  };
})()"""
"""A camera that opens when `requests` are granted: a person reads the browser's question."""

SECOND_CAMERA = """(() => {
  const devices = navigator.mediaDevices;
  const list = devices.enumerateDevices.bind(devices);
  const front = { kind: "videoinput", deviceId: "front", label: "Caméra frontale" };
  devices.enumerateDevices = async () => [...await list(), front];
})()"""
"""A second camera in the list, which cannot be opened."""

SEEN = """(hidden) => {
  Object.defineProperty(document, "hidden", { value: hidden, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
}"""
"""What a change of application tells a page: this Chromium has no other."""

END = "() => { cameras.at(-1).stop(); cameras.at(-1).dispatchEvent(new Event('ended')); }"
MUTE = """() => {
  Object.defineProperty(cameras.at(-1), "muted", { value: true });
  cameras.at(-1).dispatchEvent(new Event("mute"));
}"""
IS_FILMING = """(count) => cameras.length === count && cameras.at(-1).readyState === "live"
  && document.getElementById("camera").srcObject.getVideoTracks()[0] === cameras.at(-1)"""
IS_LIT = "(count) => lights.length === count && !lights.at(-1).released"
IS_HEARD = "() => sound.state === 'running'"


@pytest.fixture
def station(page: Page, live_server: LiveServer) -> Page:
    """A station whose camera is open."""
    page.context.grant_permissions(["camera", "screen-wake-lock"])
    page.add_init_script(WATCHED)
    page.add_init_script(SECOND_CAMERA)
    enrol(page, has_list=False)
    until(page, IS_LIT, arg=1)  # whoever plugs in a reader opens no camera
    page.get_by_role("button", name="Ouvrir la caméra").click()
    until(page, IS_FILMING, arg=1)
    expect(page.locator("#start")).to_be_hidden()
    return page


def test_a_camera_that_the_system_ends_or_mutes_is_opened_again(station: Page) -> None:
    station.evaluate(END)
    until(station, IS_FILMING, arg=2)
    station.evaluate(MUTE)
    until(station, IS_FILMING, arg=3)
    assert station.evaluate("() => cameras.slice(0, -1).every((one) => one.readyState === 'ended')")
    station.evaluate(SEEN, True)
    station.evaluate(END)
    station.evaluate(SEEN, False)
    until(station, IS_FILMING, arg=4)
    expect(station.locator("#camera")).to_be_visible()


def test_the_camera_that_was_chosen_is_asked_for_again_and_another_serves_in_its_place(
    station: Page,
) -> None:
    assert station.evaluate("() => asked[0].facingMode") == "environment"
    station.get_by_role("button", name="Détails").click()
    station.get_by_label("Caméra", exact=True).select_option(label="Caméra frontale")
    until(station, IS_FILMING, arg=2)
    station.reload()
    station.get_by_role("button", name="Ouvrir la caméra").click()
    until(station, IS_FILMING, arg=1)
    asked = station.evaluate("() => asked.map((video) => video.deviceId?.exact ?? '')")
    assert asked == ["front", ""]


def test_a_camera_that_does_not_come_back_is_said_with_its_button(station: Page) -> None:
    station.evaluate("() => { window.isTaken = true; }")
    station.evaluate(END)
    expect(station.locator("#camera-problem")).to_contain_text("La caméra s’est arrêtée")
    expect(station.locator("#camera")).to_be_hidden()
    assert axe(station) == []
    station.evaluate("() => { window.isTaken = false; }")
    station.get_by_role("button", name="Ouvrir la caméra").click()
    until(station, IS_FILMING, arg=2)
    expect(station.locator("#camera")).to_be_visible()


LENS = """() => {
  window.lenses = [];
  MediaStreamTrack.prototype.getCapabilities = () => ({ torch: true, zoom: { min: 1, max: 5 } });
  MediaStreamTrack.prototype.applyConstraints = async function ({ advanced: [states] }) {
    lenses.push(JSON.stringify(states));
  };
  document.getElementById("camera").dispatchEvent(new Event("playing"));
}"""
"""The camera says that it has a torch and a zoom: no fake device has them."""
LENSES = "(states) => lenses.join() === states"


def test_torch_and_zoom_are_there_where_the_camera_has_them_and_after_it_came_back(
    station: Page,
) -> None:
    torch = station.get_by_role("button", name="Lampe")
    expect(torch).to_be_hidden()
    station.evaluate(LENS)
    torch.click()
    expect(torch).to_have_attribute("aria-pressed", "true")
    until(station, LENSES, arg='{"torch":true}')
    assert axe(station) == []
    station.get_by_role("button", name="Plus près").click()
    until(station, LENSES, arg=(seen := '{"torch":true},{"torch":true,"zoom":2}'))
    station.evaluate(END)
    until(station, LENSES, arg=(seen := seen + ',{"torch":true,"zoom":2}'))
    torch.click()
    until(station, LENSES, arg=seen + ',{"torch":false,"zoom":2}')


def test_light_and_sound_come_back_by_themselves(station: Page) -> None:
    until(station, IS_LIT, arg=1)
    station.evaluate(SEEN, True)
    station.evaluate("() => lights.at(-1).release()")
    assert station.evaluate("() => lights.length") == 1
    station.evaluate(SEEN, False)
    until(station, IS_LIT, arg=2)
    until(station, IS_HEARD)
    station.evaluate("() => sound.suspend()")
    until(station, IS_HEARD)
    station.evaluate(SEEN, True)
    station.evaluate("() => sound.suspend()")
    assert station.evaluate("() => sound.state") == "suspended"
    expect(station.locator("#alert")).to_contain_text("Le son de cet appareil est coupé")
    station.evaluate(SEEN, False)
    until(station, IS_HEARD)


def test_a_press_while_a_kiosk_opens_its_camera_opens_it_once(
    page: Page, live_server: LiveServer
) -> None:
    page.context.grant_permissions(["camera", "screen-wake-lock"])
    page.add_init_script(WATCHED)
    page.add_init_script(SLOW)
    open_kiosk(page)
    until(page, "() => requests.length === 1")  # A kiosk asks by itself.
    until(page, IS_LIT, arg=1)
    for _ in range(2):
        page.get_by_role("button", name="Ouvrir la caméra").click()
    assert page.evaluate("() => requests.length") == 1
    page.evaluate("() => requests[0]()")
    until(page, IS_FILMING, arg=1)
    assert page.evaluate("() => asked[0].facingMode") == "user"
    expect(page.get_by_role("button", name="Ouvrir la caméra")).to_be_hidden()
