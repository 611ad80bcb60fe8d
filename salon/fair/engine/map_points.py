"""Points on a map, in degrees (WGS 84), read from what people paste."""

import re

COORDINATES = re.compile(r"(-?\d{1,2}(?:[.,]\d+)?)\s*[,;/ ]\s*(-?\d{1,3}(?:[.,]\d+)?)")
MARKER = re.compile(r"mlat=(-?\d{1,2}(?:\.\d+)?)&mlon=(-?\d{1,3}(?:\.\d+)?)")
MAP = re.compile(r"#map=\d{1,2}(?:\.\d+)?/(-?\d{1,2}(?:\.\d+)?)/(-?\d{1,3}(?:\.\d+)?)")
ZOOM = 17
"""Streets and buildings are named."""


def read_point(text: str) -> tuple[float, float] | None:
    """Return (latitude, longitude) of « 43.34, 3.22 » or of an OpenStreetMap address, else None."""
    match = MARKER.search(text) or MAP.search(text) or COORDINATES.fullmatch(text.strip())
    if match is None:
        return None
    latitude, longitude = (round(float(part.replace(",", ".")), 6) for part in match.groups())
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def written_point(latitude: float | None, longitude: float | None) -> str:
    """Return « 43.34, 3.22 », or "" without a point."""
    return "" if latitude is None else f"{latitude}, {longitude}"


def map_address(latitude: float, longitude: float) -> str:
    """Return the address of a point on OpenStreetMap."""
    place = f"{latitude}/{longitude}"
    marker = f"mlat={latitude}&mlon={longitude}"
    return f"https://www.openstreetmap.org/?{marker}#map={ZOOM}/{place}"
