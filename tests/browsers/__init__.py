"""The main journeys in Chromium, Firefox and WebKitGTK (Safari's engine), through WebDriver."""
