"""Path of Chromium: $CHROMIUM, the machine's, or the one downloaded by Playwright.

Pages are opened in the build of Chromium that draws no window, where there is one: the same engine
for three fifths of the processor. What a window shows (notifications, printing) takes the other.

`python -m tests.chromium` says whether it starts; `--install` downloads Playwright's.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

# In the project's folder, so that it needs no home and goes with `make clean`.
DOWNLOADS = Path(__file__).resolve().parent.parent / ".vendor" / "browsers"
os.environ.setdefault("PLAYWRIGHT_BROWSERS_PATH", str(DOWNLOADS))
WINDOWLESS = "chromium-headless-shell"


def chromium_path() -> str | None:
    """For `launch(executable_path=…)`: None means Playwright's own."""
    if configured_path := os.environ.get("CHROMIUM"):
        return configured_path
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return next((path for name in names if (path := shutil.which(name))), None)


def windowless_path() -> str | None:
    """For the pages of most tests, as `chromium_path`."""
    return os.environ.get("CHROMIUM") or shutil.which(WINDOWLESS) or chromium_path()


def main() -> int:
    from playwright.sync_api import Error, sync_playwright

    if "--install" in sys.argv:
        return subprocess.run(
            [sys.executable, "-m", "playwright", "install", "chromium"]
        ).returncode
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium_path(), chromium_sandbox=False
            )
            print(f"Chromium {browser.version}")
            browser.close()
    except Error as error:
        print(error.message)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
