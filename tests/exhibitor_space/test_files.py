"""Files sent by strangers, as they are saved."""

import io
import zipfile
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf.generic import DictionaryObject, NameObject

from salon.platform.files.uploads import (
    DocumentRefused,
    LogoRefused,
    StorageFull,
    attachment,
    check_document,
    clean_name,
    read_logo,
    remove_file,
    save_file,
    upload,
)
from salon.platform.storage.folder import FolderStore
from tests.exhibitor_space.made import (
    PHP,
    SHARE,
    action,
    archive,
    indirect_launch,
    outside_stream,
    pdf,
    pdf_holding,
    pdf_with_file,
    photo,
    picture,
    script,
    uri,
    vast_pdf,
    vast_png,
    vast_webp,
)
from tests.tables import each
from untrusted_files import FileRefused, documents
from untrusted_files.images import LOGO_SIDE, write_picture_anew


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


# Logos


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_logo_is_written_anew_as_webp(kind: str) -> None:
    logo = opened(read_logo(picture(kind, (1600, 400))))
    assert (logo.format, logo.size) == ("WEBP", (LOGO_SIDE, 200))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_way_a_png_is_coded_becomes_a_plain_picture(mode: str) -> None:
    logo = opened(read_logo(picture("PNG", mode=mode)))
    assert logo.mode in ("RGB", "RGBA")
    assert logo.size == (120, 60)


def test_a_printer_s_jpeg_becomes_a_screen_s() -> None:
    assert opened(read_logo(picture("JPEG", mode="CMYK"))).mode == "RGB"


def test_what_was_see_through_stays_so() -> None:
    logo = opened(read_logo(picture("PNG", mode="RGBA", colour=(200, 20, 20, 0))))
    assert logo.mode == "RGBA"
    assert logo.getpixel((5, 5))[3] == 0  # type: ignore[index]


def test_a_small_logo_is_not_blown_up() -> None:
    assert opened(read_logo(picture("PNG", (40, 30)))).size == (40, 30)


def test_metadata_goes_and_the_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    exif[0x010E] = "43.3440 N 3.2190 E, chez moi"
    sent = photo((300, 200), exif=exif.tobytes(), comment=b"secret", icc_profile=b"profile" * 20)
    logo = read_logo(sent)
    assert opened(logo).size == (200, 300)
    assert not opened(logo).getexif()
    for trace in (b"chez moi", b"secret", b"profile", b"EXIF", b"ICCP", b"XMP "):
        assert trace not in logo


@each(
    ("content", "sentence"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
        (b"  \n<SVG onload=alert(1)>", "SVG"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n", "EPS"),
        (b"\xc5\xd0\xd3\xc6" + bytes(40), "EPS"),
        (picture("GIF") + PHP, "GIF"),
        (b"GIF89a" + PHP, "GIF"),
        (b"<!doctype html><script>alert(1)</script>", "PNG, JPEG ou WebP"),
        (pdf(), "PDF"),
        (picture("BMP"), "PNG, JPEG ou WebP"),
        (picture("TIFF"), "PNG, JPEG ou WebP"),
        (picture("PPM"), "PNG, JPEG ou WebP"),
        (photo()[:3000], "PNG, JPEG ou WebP"),
        (vast_png(300, 300)[:-30], "PNG, JPEG ou WebP"),
        (picture("WEBP")[:-8], "PNG, JPEG ou WebP"),
        (b"\x89PNG\r\n\x1a\n", "PNG, JPEG ou WebP"),
        (b"", "vide"),
        (bytes(5000), "PNG, JPEG ou WebP"),
    ],
)
def test_what_is_no_logo_is_refused_and_the_answer_says_what_to_send(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(LogoRefused) as refusal:
        read_logo(content)
    assert refusal.value.status == 400
    assert sentence in refusal.value.message


@pytest.mark.parametrize("content", [picture("PNG"), photo(), picture("WEBP")])
def test_a_picture_that_is_also_an_archive_is_no_logo(content: bytes) -> None:
    joined = content + archive()
    assert zipfile.is_zipfile(io.BytesIO(joined))
    with pytest.raises(LogoRefused, match="archive"):
        read_logo(joined)


def test_what_follows_a_picture_goes() -> None:
    assert PHP not in read_logo(picture("PNG") + PHP)


def test_a_script_hidden_in_a_comment_of_a_picture_goes() -> None:
    assert PHP not in read_logo(photo(comment=PHP))


@pytest.mark.parametrize(
    "content",
    [
        vast_png(20_000, 20_000, 200_000),
        vast_png(12_000, 9_000),
        vast_png(4_100, 4_100),
        vast_png(1, 6_001),
        vast_webp(16_383, 16_383),
        vast_webp(16_000, 9_000),
        vast_webp(9_000, 9_000),
    ],
)
def test_a_vast_picture_is_refused(content: bytes) -> None:
    with pytest.raises(LogoRefused, match=r"trop grande|PNG, JPEG ou WebP"):
        read_logo(content)


@settings(max_examples=150)
@given(
    base=st.sampled_from([picture("PNG"), photo((60, 40)), picture("WEBP"), pdf()]),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=12),
    cut=st.integers(0, 10_000),
)
def test_damaged_files_are_taken_or_refused_and_nothing_else(
    base: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    sent = bytearray(base)
    for at, value in changes:
        sent[at % len(sent)] = value
    damaged = bytes(sent[: max(1, len(sent) - cut % 200)])
    for read in (write_picture_anew, partial(documents.check_document, is_named_pdf=True)):
        with suppress(FileRefused):
            read(damaged)


# Documents


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (pdf(), "application/pdf"),
        (pdf(200), "application/pdf"),
        (pdf() + b"\r\n\0\0", "application/pdf"),
        (pdf_holding("root", action("/GoTo")), "application/pdf"),
        (pdf_holding("page", uri("https://www.herault.fr/")), "application/pdf"),
        (pdf_holding("page", uri("mailto:mairie@beziers.example")), "application/pdf"),
        (pdf_holding("page", uri("www.herault.fr:8080")), "application/pdf"),
        (photo(), "image/jpeg"),
        (picture("PNG"), "image/png"),
    ],
)
def test_a_document_is_what_its_bytes_say(content: bytes, media_type: str) -> None:
    assert check_document(content, "contrat.exe") == media_type


@each(
    ("content", "name", "sentence"),
    [
        (b"", "a.pdf", "vide"),
        (b"%PDF-1.7\nbonjour\n", "a.pdf", "incomplet"),
        (b"%PDF-1.7\n%%EOF", "a.pdf", "n’arrivons pas à ouvrir"),
        (b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n", "a.pdf", "n’arrivons pas à ouvrir"),
        (pdf()[:-10], "a.pdf", "incomplet"),
        (pdf()[: len(pdf()) // 2], "a.pdf", "incomplet"),
        (pdf() + archive(), "a.pdf", "incomplet"),
        (b"\n\n" + pdf(), "a.pdf", "porte le nom d’un PDF"),
        (b"<html>" + pdf(), "a.pdf", "porte le nom d’un PDF"),
        (b"MZ" + bytes(200), "contrat.pdf", "porte le nom d’un PDF"),
        (b"<svg/>", "plan.svg", "Envoyez un PDF"),
        (archive(), "contrat.docx", "Enregistrer en PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(99), "contrat.doc", "Enregistrer en PDF"),
        (b"{\\rtf1 bonjour}", "contrat.rtf", "Enregistrer en PDF"),
        (pdf(password="1234"), "a.pdf", "mot de passe"),
        (pdf(201), "a.pdf", "201 pages"),
        (picture("PNG") + archive(), "photo.png", "archive"),
        (photo() + archive(), "photo.jpg", "archive"),
        (script("root"), "a.pdf", "programme"),
        (script("page"), "a.pdf", "programme"),
        (script().replace(b"/JavaScript", b"/J#61vaScript"), "a.pdf", "programme"),
        (pdf_holding("root", action("/Launch")), "a.pdf", "programme"),
        (indirect_launch(), "a.pdf", "programme"),
        (pdf_holding("page", action("/GoToR", F=SHARE)), "a.pdf", "n’est pas dedans"),
        (pdf_holding("root", action("/GoToE", F=SHARE)), "a.pdf", "n’est pas dedans"),
        (pdf_holding("root", action("/Thread", F=SHARE)), "a.pdf", "n’est pas dedans"),
        (pdf_holding("page", uri("file://serveur/partage/a.pdf")), "a.pdf", "n’est pas dedans"),
        (pdf_holding("page", uri(" F\tile:///c:/a.pdf")), "a.pdf", "n’est pas dedans"),
        (pdf_holding("page", uri("\\\\serveur\\partage")), "a.pdf", "n’est pas dedans"),
        (pdf_holding("page", uri("c:\\a.exe")), "a.pdf", "n’est pas dedans"),
        (pdf_holding("page", outside_stream()), "a.pdf", "n’est pas dedans"),
        (pdf_holding("root", uri("https://ailleurs.example/")), "a.pdf", "n’est pas dedans"),
        (
            pdf_holding("root", action("/Named", N=NameObject("/Print"))),
            "a.pdf",
            "n’est pas dedans",
        ),
        (
            pdf_holding("root", action("/GoTo", Next=uri("https://ailleurs.example/"))),
            *("a.pdf", "n’est pas dedans"),
        ),
        (
            pdf_holding(
                "page", DictionaryObject({NameObject("/O"): uri("https://ailleurs.example/")})
            ),
            *("a.pdf", "n’est pas dedans"),
        ),
        (pdf_with_file(), "a.pdf", "d’autres fichiers"),
        (vast_pdf(20_001), "a.pdf", "trop complexe"),
        (photo()[:2000], "photo.jpg", "incomplète"),
        (picture("PNG")[:-30], "photo.png", "incomplète"),
        (vast_png(20_000, 20_000, 200_000), "photo.png", "trop grande"),
        (vast_png(12_001, 1), "photo.png", "trop grande"),
        (picture("GIF"), "photo.gif", "Envoyez un PDF"),
    ],
)
def test_what_is_no_document_is_refused_in_words(content: bytes, name: str, sentence: str) -> None:
    with pytest.raises(DocumentRefused) as refusal:
        check_document(content, name)
    assert refusal.value.status == 400
    assert sentence in refusal.value.message


# Names


@each(
    ("sent", "file_name"),
    [
        ("contrat.pdf", "contrat.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Documents\\contrat signé.PDF", "contrat signé.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a Set-Cookie x.pdf"),
        ("«é».pdf", "«é».pdf"),
        ("e\u0301te\u0301.pdf", "été.pdf"),
        ("contrat.pdf\0.exe", "contrat.pdf.pdf"),
        ("\u202efdp.exe", "fdp.pdf"),
        ("..", "document.pdf"),
        ("", "document.pdf"),
        (" . . ", "document.pdf"),
        ("CON<>:|?*.html", "CON.pdf"),
        ("x" * 300 + ".pdf", "x" * 96 + ".pdf"),
    ],
)
def test_a_name_is_made_fit_for_a_download(sent: str, file_name: str) -> None:
    assert clean_name(sent, "application/pdf") == file_name


@given(st.text(max_size=400))
def test_no_name_leaves_its_folder_or_its_header(sent: str) -> None:
    name = clean_name(sent, "image/png")
    assert name.endswith(".png")
    assert len(name) <= 100
    assert not set(name) & set('/\\"\r\n\0<>:|?*;%')
    header = attachment(name)
    assert header.isascii()
    assert header.isprintable()
    assert header.startswith('attachment; filename="')


def test_a_download_says_its_name_twice() -> None:
    assert attachment("été.pdf") == (
        "attachment; filename=\"ete.pdf\"; filename*=UTF-8''%C3%A9t%C3%A9.pdf"
    )


# Keeping


def test_a_file_is_kept_under_a_name_that_says_nothing(tmp_path: Path) -> None:
    first, second = (save_file(FolderStore(tmp_path), b"contenu", ".pdf") for _ in range(2))
    assert first != second
    path = tmp_path / upload(first)
    assert path.parent == tmp_path / "uploads"
    assert path.read_bytes() == b"contenu"
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    remove_file(FolderStore(tmp_path), first)
    remove_file(FolderStore(tmp_path), first)
    remove_file(FolderStore(tmp_path), "")
    assert [other_path.name for other_path in path.parent.iterdir()] == [second]


@pytest.mark.parametrize("name", ["../salon.sqlite", "a.pdf", "/etc/passwd", "0" * 32 + ".html"])
def test_a_name_that_is_not_ours_opens_nothing(name: str) -> None:
    with pytest.raises(ValueError, match="not a stored name"):
        upload(name)


def test_a_disk_that_refuses_is_said_in_french(tmp_path: Path) -> None:
    (tmp_path / "uploads").write_text("un fichier tient la place du dossier")
    with pytest.raises(StorageFull, match="rien n’a été enregistré"):
        save_file(FolderStore(tmp_path), b"contenu", ".pdf")
