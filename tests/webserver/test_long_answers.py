"""Nobody waits behind an answer that lasts, whether the application said so before or not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from tests.processes import lives, wait_for
from tests.webserver.conftest import SmallServer
from webserver import ALIVE, LONG
from webserver.lanes import MOST_LASTING
from webserver.listener import READ_IN


@contextmanager
def lasting(server: SmallServer, folder: Path, *asked: tuple[str, str]) -> Iterator[None]:
    """Hold an answer of each (path, method) meanwhile; at the end each is answered."""
    releases = [folder / str(number) for number in range(len(asked))]
    with ThreadPoolExecutor(len(asked)) as pool:
        try:
            answers = [
                server.holding(pool, release, path, method)
                for release, (path, method) in zip(releases, asked, strict=True)
            ]
            yield
            assert [answer.result() for answer in answers if answer.done()] == []
        finally:
            for release in releases:
                release.touch()
        statuses = [answer[0] for held in answers if (answer := held.result())]
    assert statuses == [200] * len(asked)


def assert_answers(server: SmallServer) -> None:
    assert server.ask("/")[0] == 200  # type: ignore[index]
    assert server.ask("/echo", "POST", b"scan") == (200, b"scan")
    assert server.ask(ALIVE) == (200, b"alive\n")


def test_pages_scans_and_probes_pass_long_answers(
    single_server: SmallServer, tmp_path: Path
) -> None:
    with ThreadPoolExecutor() as pool, lasting(single_server, tmp_path, ("/long", "GET")):
        waiting = [pool.submit(single_server.ask, "/quick") for _ in range(5)]
        assert_answers(single_server)
        assert not any(answer.done() for answer in waiting), "they wait behind the long answer"
    assert [answer.result()[0] for answer in waiting] == [200] * 5  # type: ignore[index]


def test_a_long_answer_takes_no_web_process(single_server: SmallServer) -> None:
    _, content = single_server.ask("/quick") or (0, b"")
    assert [process.pid for process in single_server.processes(LONG)] == [int(content)]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_others_pass_answers_that_last(
    single_server: SmallServer, tmp_path: Path, method: str
) -> None:
    """As a page that nobody said to be long, or a write that waits for a lock."""
    with lasting(single_server, tmp_path, *[("/wait", method)] * MOST_LASTING):
        assert_answers(single_server)


def test_the_probe_answers_when_nothing_else_does(
    single_server: SmallServer, tmp_path: Path
) -> None:
    every_thread = [("/wait", "GET"), ("/wait", "POST")] * (MOST_LASTING + 1)
    with lasting(single_server, tmp_path, *every_thread):
        assert single_server.ask(ALIVE) == (200, b"alive\n")
        assert single_server.ask(ALIVE, "HEAD") == (200, b"")


def test_a_long_answer_whose_process_is_killed_has_failed(
    own_server: SmallServer, tmp_path: Path
) -> None:
    (process,) = own_server.processes(LONG)
    with ThreadPoolExecutor() as pool:
        answer = own_server.holding(pool, tmp_path / "release", "/long")
        process.kill()
        assert answer.result()[0] == 500  # type: ignore[index]
    assert own_server.ask("/quick")[0] == 200  # type: ignore[index]


def test_a_long_answer_that_failed_is_not_the_last(single_server: SmallServer) -> None:
    assert single_server.ask("/quick/fail")[0] == 500  # type: ignore[index]
    assert single_server.ask("/quick")[0] == 200  # type: ignore[index]


def test_a_long_answer_that_is_no_longer_waited_for_is_not_begun(
    impatient_server: SmallServer, tmp_path: Path
) -> None:
    release, never = tmp_path / "release", tmp_path / "never"
    never.touch()
    with ThreadPoolExecutor() as pool:
        held = impatient_server.holding(pool, release, "/long")
        assert impatient_server.ask("/long", X_File=str(never))[0] == 503  # type: ignore[index]
        assert held.result()[0] == 503  # type: ignore[index]
    release.touch()
    wait_for(lambda: impatient_server.ask("/quick")[0] == 200, "the next one")  # type: ignore[index]
    assert not Path(f"{never}.taken").exists()


def test_a_long_answer_in_hand_is_finished(own_server: SmallServer, tmp_path: Path) -> None:
    (process,) = own_server.processes(LONG)
    with lasting(own_server, tmp_path, ("/long", "GET")):
        process.terminate()
    wait_for(lambda: not lives(process), "the end of the process")


@pytest.mark.parametrize("name", ["web", "long", "fork server"])
def test_a_process_that_is_stopped_is_replaced(name: str) -> None:
    with SmallServer("-m", "tests.webserver.small", "{port}", "listening") as server:
        wait_for(lambda: len(server.processes("web")) == 2, "two web processes")
        wait_for(lambda: len(server.processes("long")) == 2, "two of long answers")
        named = {*server.processes("web"), *server.processes("long")}
        fork_servers = [child for child in server.process.children() if child not in named]
        stopped: psutil.Process = (*server.processes(name), *fork_servers)[0]
        stopped.suspend()
        wait_for(lambda: not lives(stopped), "the end of the process that is stopped")
        assert_answers(server)
        wait_for(lambda: len(server.process.children()) == 5, "another in its place")
        assert server.ask("/quick")[0] == 200  # type: ignore[index]
        assert server.stop() == 0


def test_granian_is_the_one_whose_code_was_read() -> None:
    """`webserver/listener.py` uses what its manual does not describe: read it again."""
    assert version("granian").startswith(f"{READ_IN}.")
