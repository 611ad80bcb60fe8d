"""The logo of an application."""

import gc
import io
import re

import pytest
from PIL import Image

from salon.exhibitors.models import Exhibitor, ExhibitorTerms
from salon.platform.settings.installation import Settings
from tests.exhibitor_space.made import vast_png
from tests.exhibitors.apply.filling import (
    ACTIVITY,
    fill,
    fresh,
    html,
    page_of,
    wishes_page,
)
from tests.pages import PageClient
from tests.tables import each


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 120)) -> io.BytesIO:
    stream = io.BytesIO()
    Image.new("RGB", size, (11, 86, 112)).save(stream, kind)
    stream.seek(0)
    return stream


def files_in(settings: Settings) -> list[str]:
    return sorted(path.name for path in (settings.data / "uploads").glob("*"))


def activity_page(client: PageClient) -> tuple[Exhibitor, str]:
    exhibitor, _ = wishes_page(client)
    return exhibitor, page_of(exhibitor, "activite")


def test_a_logo_is_kept_replaced_and_removed(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor, path = activity_page(client)
    assert fill(client, path, **ACTIVITY, logo=(picture(), "logo.png")).status_code == 302
    first = fresh(exhibitor).logo_file
    assert files_in(settings) == [first]
    shown = client.get(f"{page_of(exhibitor)}/logo.webp")
    assert (shown.status_code, shown.mimetype, shown.data[8:12]) == (200, "image/webp", b"WEBP")
    assert fill(client, path, **ACTIVITY, logo=(picture("JPEG"), "l.jpg")).status_code == 302
    second = fresh(exhibitor).logo_file
    assert second != first
    assert files_in(settings) == [second]
    answer = client.post(
        f"{page_of(exhibitor)}/logo/retirer", data={"csrf_token": client.token(path)}
    )
    assert answer.status_code == 302
    assert (fresh(exhibitor).logo_file, files_in(settings)) == ("", [])
    assert client.get(f"{page_of(exhibitor)}/logo.webp").status_code == 404


def test_a_logo_is_saved_on_the_way(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor, path = activity_page(client)
    fields = {**ACTIVITY, "action": "autosave"}
    answer = fill(client, path, **fields, logo=(picture(), "logo.png"))
    assert (answer.status_code, answer.json["has_logo"]) == (200, True)
    assert answer.json["version"] == fresh(exhibitor).version
    answer = fill(client, path, **fields, logo=(io.BytesIO(b"GIF89a"), "logo.gif"))
    assert answer.status_code == 400
    assert "GIF" in answer.json["message"]
    assert len(files_in(settings)) == 1


def animation(kind: str) -> bytes:
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (60, 40), colour) for colour in ("white", "black"))
    first.save(stream, kind, save_all=True, append_images=[second])
    return stream.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'


@pytest.fixture
def activity(client: PageClient, terms: ExhibitorTerms) -> tuple[Exhibitor, str]:
    """Return an application and the page of its activity."""
    return activity_page(client)


@each(
    "content",
    [
        *(SVG, b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n fausse image"),
        *(b"GIF89a", b"%PDF-1.7", animation("PNG"), animation("WEBP")),
        *(picture().getvalue()[:200], b"", vast_png(20_000, 20_000, 200_000)),
    ],
    ids=["svg", "eps", "fake", "gif", "pdf", "apng", "animated webp", "cut", "empty", "vast"],
)
def test_what_is_not_a_logo_is_refused(
    client: PageClient, activity: tuple[Exhibitor, str], settings: Settings, content: bytes
) -> None:
    exhibitor, path = activity
    before = fresh(exhibitor).version
    answer = fill(
        client, path, **{**ACTIVITY, "sector": "water"}, logo=(io.BytesIO(content), "logo.png")
    )
    assert answer.status_code == 400
    assert re.search("PNG|trop grande", html(answer).split("field__error")[1])
    assert (fresh(exhibitor).version, fresh(exhibitor).sector) == (before, "energy")
    assert (fresh(exhibitor).logo_file, files_in(settings)) == ("", [])


def multipart(client: PageClient, path: str, content: bytes) -> bytes:
    """Return the body that a browser sends for the step of the activity."""
    page = html(client.get(path))
    hidden = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    fields = {**hidden, **ACTIVITY, "sector": "water"}
    parts = [
        f'--limite\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    head = '--limite\r\nContent-Disposition: form-data; name="logo"; filename="logo.png"\r\n\r\n'
    return "".join([*parts, head]).encode() + content + b"\r\n--limite--\r\n"


def test_a_logo_too_heavy_is_refused(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor, path = activity_page(client)
    body = multipart(client, path, b"0" * (settings.logo_max_bytes + 50_000))
    answer = client.post(path, data=body, content_type="multipart/form-data; boundary=limite")
    assert answer.status_code == 413
    assert (fresh(exhibitor).sector, files_in(settings)) == ("energy", [])


# Werkzeug leaves the part it had begun to read, in memory, to the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning")
@pytest.mark.parametrize("sent", [0.3, 0.9])
def test_an_upload_cut_on_the_way_leaves_nothing(
    client: PageClient, terms: ExhibitorTerms, settings: Settings, sent: float
) -> None:
    exhibitor, path = activity_page(client)
    body = multipart(client, path, picture(size=(800, 800)).getvalue())
    answer = client.post(
        path,
        input_stream=io.BytesIO(body[: int(len(body) * sent)]),
        content_length=len(body),
        content_type="multipart/form-data; boundary=limite",
    )
    assert answer.status_code == 400
    assert (fresh(exhibitor).sector, files_in(settings)) == ("energy", [])
    gc.collect()


def test_a_logo_of_a_stale_page_leaves_no_file(
    client: PageClient, terms: ExhibitorTerms, settings: Settings
) -> None:
    exhibitor, path = activity_page(client)
    page = html(client.get(path))
    tab = dict(re.findall(r'name="(csrf_token|version)"[^>]*value="([^"]+)"', page))
    fill(client, path, **{**ACTIVITY, "sector": "water"})
    answer = client.post(path, data={**tab, **ACTIVITY, "logo": (picture(), "logo.png")})
    assert answer.status_code == 409
    assert (fresh(exhibitor).logo_file, files_in(settings)) == ("", [])
