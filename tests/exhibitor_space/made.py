"""Files made byte by byte for tests: good ones, wrong ones, hostile ones."""

import io
import struct
import zipfile
import zlib
from functools import cache
from typing import Any

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

PHP = b"<?php system($_GET['c']); ?>"


def picture(
    kind: str = "PNG", size: tuple[int, int] = (120, 60), mode: str = "RGB", **more: Any
) -> bytes:
    """Return a plain picture, of one colour unless `colour` says."""
    written = io.BytesIO()
    Image.new(mode, size, more.pop("colour", None)).save(written, kind, **more)
    return written.getvalue()


def photo(size: tuple[int, int] = (300, 200), **more: Any) -> bytes:
    """Return a JPEG whose content does not compress to nothing."""
    written = io.BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(written, "JPEG", **more)
    return written.getvalue()


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


@cache
def vast_png(width: int, height: int, weight: int = 0) -> bytes:
    """Return a black PNG of one bit a pixel, true to its last line, filled up to `weight` bytes."""
    packer = zlib.compressobj(9, strategy=zlib.Z_RLE)
    line = bytes(1 + (width + 7) // 8)
    content = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    png = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", content)
    room = weight - len(png) - 24
    return png + (chunk(b"fiLl", bytes(room)) if room > 0 else b"") + chunk(b"IEND", b"")


def vast_webp(width: int, height: int) -> bytes:
    """Return the head of a WebP that announces a canvas, and nothing in it."""
    size = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + size
    return b"RIFF" + struct.pack("<I", len(body)) + body


def archive() -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive_file:
        archive_file.writestr("shell.php", PHP)
    return written.getvalue()


def pdf(pages: int = 1, password: str = "") -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(595, 842)
    if password:
        writer.encrypt(password)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def action(kind: str, **more: Any) -> DictionaryObject:
    """Return a PDF action, as a viewer would run it."""
    values = {"/S": NameObject(kind), **{f"/{name}": value for name, value in more.items()}}
    return DictionaryObject({NameObject(name): value for name, value in values.items()})


SHARE = TextStringObject("\\\\serveur\\partage\\a.pdf")


def uri(address: str) -> DictionaryObject:
    return action("/URI", URI=TextStringObject(address))


def indirect_launch() -> bytes:
    """Return a PDF with an action whose kind is an object of its own."""
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    kind = writer._add_object(NameObject("/Launch"))
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject({NameObject("/S"): kind})
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def outside_stream() -> StreamObject:
    """Return a picture whose content is in another file."""
    stream = StreamObject()
    stream[NameObject("/F")] = SHARE
    return stream


def pdf_holding(place: str, pdf_object: PdfObject) -> bytes:
    """Return a PDF of one page that holds something more: at its `root`, or on its `page`."""
    writer = PdfWriter()
    page = writer.add_blank_page(595, 842)
    holder: DictionaryObject = page if place == "page" else writer.root_object
    key = "/AA" if place == "page" else "/OpenAction"
    holder[NameObject(key)] = writer._add_object(pdf_object)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def script(place: str = "root") -> bytes:
    run = action("/JavaScript", JS=TextStringObject("app.alert(1)"))
    return pdf_holding(place, DictionaryObject({NameObject("/O"): run}) if place == "page" else run)


def vast_pdf(objects: int) -> bytes:
    """Return a page, and so many things beside it that reading them would never end."""
    return pdf_holding("root", ArrayObject(DictionaryObject() for _ in range(objects)))


def pdf_with_file() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_attachment("facture.exe", b"MZ")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def swelling_pdf(streams: int, megabytes: int = 70) -> bytes:
    """Return a PDF of which each object lies in a stream that unpacks into so many megabytes.

    70,000 bytes a stream; read without a bound, 40 of them take 12 s and 2.9 GB.
    """
    first = 100
    expected_numbers = range(first + streams, first + 2 * streams)
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        5: b"[" + b" ".join(b"%d 0 R" % number for number in expected_numbers) + b"]",
    }
    blanks = b" " * (megabytes * 1_000_000)
    squeezed = zlib.compressobj(9, zlib.DEFLATED, -15)
    tail = squeezed.compress(blanks) + squeezed.flush()
    for place, number in enumerate(expected_numbers):
        head = b"%d 0 " % number
        start = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = b"\x78\xda" + start.compress(head + b"null") + start.flush(zlib.Z_FULL_FLUSH)
        packed += tail + struct.pack(">I", zlib.adler32(blanks, zlib.adler32(head + b"null")))
        entry = b"<</Type/ObjStm/N 1/First %d/Length %d/Filter/FlateDecode>>stream\n"
        objects[first + place] = entry % (len(head), len(packed)) + packed + b"\nendstream"
    written = io.BytesIO(b"%PDF-1.7\n")
    written.seek(0, io.SEEK_END)
    places = {}
    for number, content in objects.items():
        places[number] = written.tell()
        written.write(b"%d 0 obj\n" % number + content + b"\nendobj\n")
    places[6] = written.tell()
    rows = b"".join(
        struct.pack(">BIH", 2, number - streams, 0)
        if number in expected_numbers
        else struct.pack(">BIH", number in places, places.get(number, 0), 0)
        for number in range(first + 2 * streams)
    )
    table = b"6 0 obj\n<</Type/XRef/Size %d/W[1 4 2]/Root 1 0 R/Length %d>>stream\n"
    written.write(table % (first + 2 * streams, len(rows)) + rows + b"\nendstream\nendobj\n")
    written.write(b"startxref\n%d\n%%%%EOF\n" % places[6])
    return written.getvalue()
