"""A hostile file costs its own process a bounded time and memory, and nobody else."""

import os
import resource
import subprocess
import sys

import psutil
import pytest

from salon.platform.files.uploads import DocumentRefused, check_document
from tests.exhibitor_space.made import pdf, swelling_pdf, vast_png
from tests.processes import wait_for
from untrusted_files import FileRefused, apart
from untrusted_files.apart import Task, read_apart


def test_a_pdf_that_swells_is_refused_in_words_and_costs_a_bounded_time() -> None:
    hostile = swelling_pdf(15)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with pytest.raises(DocumentRefused, match="demande trop de calcul") as refusal:
        check_document(hostile, "contrat.pdf")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert refusal.value.status == 400
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent <= apart.CPU_S + 2
    # What is refused is its cost: with one such stream it is a document.
    assert check_document(swelling_pdf(1), "contrat.pdf") == "application/pdf"


def test_time_memory_and_disk_are_bounded_before_the_file_is_read() -> None:
    """Each limit by itself: a file that swells reaches two of them."""
    command = [sys.executable, "-m", "untrusted_files", Task.DOCUMENT]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=apart.ROOT, stdin=pipe, stdout=pipe) as reader:
        limit_of = psutil.Process(reader.pid).rlimit
        wait_for(lambda: limit_of(resource.RLIMIT_FSIZE) == (0, 0), "the last limit")
        assert limit_of(resource.RLIMIT_CPU) == (apart.CPU_S, apart.CPU_S + 1)
        assert limit_of(resource.RLIMIT_AS) == (apart.MEMORY_BYTES, apart.MEMORY_BYTES)
        answer, _ = reader.communicate(pdf())
    assert answer == b"+application/pdf"


def test_what_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "WALL_S", 0.001)
    with pytest.raises(FileRefused, match="demande trop de calcul"):
        read_apart(Task.DOCUMENT, pdf())
    readers = [
        child
        for child in psutil.Process().children(recursive=True)
        if "untrusted_files" in child.cmdline()
    ]
    assert readers == []


def test_a_vast_picture_takes_no_memory_of_ours() -> None:
    """20,000 × 20,000 pixels in 200 kB."""
    bomb = vast_png(20_000, 20_000, 200_000)
    before = psutil.Process().memory_info().rss
    with pytest.raises(FileRefused, match="trop grande"):
        read_apart(Task.LOGO, bomb)
    assert psutil.Process().memory_info().rss - before < 20_000_000


def test_the_reader_is_told_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "k3" * 24)
    assert set(apart.ENVIRONMENT) == {"LANG"}
    assert "SECRET_KEY" in os.environ
    assert read_apart(Task.DOCUMENT, pdf()) == b"application/pdf"
