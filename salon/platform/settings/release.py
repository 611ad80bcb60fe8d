"""The version of the software, from which the wheel takes its own."""

VERSION = "1.0.0"
RELEASE_HEADER = "Salon-Release"
"""Header of `/readyz` that names the release; proxies keep it to themselves."""
