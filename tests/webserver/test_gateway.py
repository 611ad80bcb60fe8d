"""Slow and silent clients hold no thread; a request is refused in time, or answered whole."""

import ast
import re
import resource
import signal
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes import PATIENCE_S, lives, wait_for
from tests.webserver.conftest import SmallServer
from webserver.lanes import MOST_LASTING

HALF_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\na="
HALF_CHUNK = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\na="
LARGE_BODY = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1500000\r\n\r\na="
CUT_BODIES = {
    "small": HALF_BODY,
    "large": LARGE_BODY + b"a" * 150,
    "in a chunk": HALF_CHUNK,
    "after a chunk": HALF_CHUNK.replace(b"3e8", b"2") + b"\r\n",
    "in the last chunk": HALF_CHUNK.replace(b"3e8", b"2") + b"\r\n0\r\n",
    "in a chunk of no length": HALF_CHUNK.replace(b"3e8", b"2") + b"\r\nx\r\n",
}
HALF_HEAD = b"GET / HTTP/1.1\r\nHost: "


def received(connection: socket.socket) -> bytes:
    """Return all that a connection receives until it is closed."""
    connection.settimeout(PATIENCE_S)
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


@pytest.fixture
def many_descriptors() -> Iterator[None]:
    former = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(former[1], 4096), former[1]))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, former)


def test_half_sent_bodies_hold_nobody_up(single_server: SmallServer) -> None:
    with single_server.sending(*[HALF_BODY] * 100, *[HALF_CHUNK] * 100):
        assert single_server.ask("/") is not None
        assert single_server.ask("/echo", "POST", b"whole") == (200, b"whole")


def test_idle_connections_hold_nobody_up(
    single_server: SmallServer, many_descriptors: None
) -> None:
    with single_server.sending(*[b""] * 700, *[HALF_HEAD] * 700):
        assert single_server.ask("/echo", "POST", b"whole") == (200, b"whole")


@pytest.mark.parametrize("start", [HALF_BODY, HALF_CHUNK], ids=["announced", "in chunks"])
def test_a_body_that_is_not_whole_in_time_is_refused(
    impatient_server: SmallServer, start: bytes
) -> None:
    with impatient_server.sending(start) as (connection,):
        answer = received(connection)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert "Rien n’a été enregistré" in answer.decode()


def test_a_body_that_is_cut_is_refused_and_never_acted_on(
    single_server: SmallServer, tmp_path: Path
) -> None:
    """The application would leave a trace of each request that it gets."""
    statuses, acted_on = {}, []
    for name, cut_body in CUT_BODIES.items():
        release = tmp_path / name.replace(" ", "-")
        release.touch()
        target = b"POST /wait HTTP/1.1\r\nX-File: %b\r\n" % str(release).encode()
        with single_server.sending(cut_body.replace(b"POST / HTTP/1.1\r\n", target)) as (sender,):
            sender.shutdown(socket.SHUT_WR)
            answer = received(sender)
        statuses[name] = answer[9:12] if "Rien n’a été enregistré" in answer.decode() else answer
        acted_on += [name] if Path(f"{release}.taken").exists() else []
    assert statuses == dict.fromkeys(CUT_BODIES, b"400")
    assert acted_on == []


def test_a_body_that_never_stops_coming_is_refused(impatient_server: SmallServer) -> None:
    """The deadline is for the whole: each byte that arrives gives no more time."""
    with impatient_server.sending(HALF_BODY) as (connection,):
        connection.settimeout(0.02)
        answer = b""
        while not answer:
            try:
                answer = connection.recv(65536)
            except TimeoutError:
                connection.sendall(b"a")
    assert answer.startswith(b"HTTP/1.1 408 ")


def test_reads_go_on_while_a_write_waits(single_server: SmallServer, tmp_path: Path) -> None:
    release = tmp_path / "release"
    with ThreadPoolExecutor() as pool:
        write = pool.submit(single_server.ask, "/wait", "POST", X_File=str(release))
        wait_for((tmp_path / "release.taken").exists, "a write that waits")
        assert single_server.ask("/") is not None
        assert not write.done()
        release.touch()
        assert write.result()[0] == 200  # type: ignore[index]


def test_writes_go_on_while_a_file_is_looked_at(single_server: SmallServer, tmp_path: Path) -> None:
    release = tmp_path / "release"
    kind = "multipart/form-data; boundary=x"
    with ThreadPoolExecutor() as pool:
        upload = pool.submit(
            single_server.ask, "/wait", "POST", X_File=str(release), Content_Type=kind
        )
        wait_for((tmp_path / "release.taken").exists, "a file that is looked at")
        assert single_server.ask("/echo", "POST", b"scan") == (200, b"scan")
        assert single_server.ask("/") is not None
        assert not upload.done()
        release.touch()
        assert upload.result()[0] == 200  # type: ignore[index]


def test_what_waits_too_long_behind_others_is_refused(
    impatient_server: SmallServer, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    at_once = 1 + MOST_LASTING
    with ThreadPoolExecutor() as pool:
        writes = [
            pool.submit(impatient_server.ask, path, "POST", X_File=str(release))
            for path in ["/wait"] * at_once + ["/api/wait"] * at_once
        ]
        wait_for(lambda: sum(write.done() for write in writes) >= at_once, "refusals")
        release.touch()
        statuses = [answer[0] for write in writes if (answer := write.result())]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) <= at_once
    assert impatient_server.ask("/echo", "POST", b"next") == (200, b"next")


def test_the_application_gets_the_request_as_it_was_sent(single_server: SmallServer) -> None:
    request = (
        "GET /environ/b%C3%A9ziers%20?q=%C3%A9+b HTTP/1.1\r\nHost: salon:81\r\n"
        "X-Twice: 1\r\nX-Twice: 2\r\nConnection: close\r\n\r\n"
    )
    with single_server.sending(request.encode()) as (connection,):
        environ = ast.literal_eval(received(connection).partition(b"\r\n\r\n")[2].decode())
    assert environ["PATH_INFO"] == "/environ/béziers ".encode().decode("latin-1")
    assert environ["QUERY_STRING"] == "q=%C3%A9+b"
    assert environ["HTTP_HOST"] == "salon:81"
    assert environ["HTTP_X_TWICE"] == "1,2"
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["SERVER_PORT"] == str(single_server.port)
    assert environ["REQUEST_METHOD"] == "GET"
    assert "CONTENT_LENGTH" not in environ


def test_a_header_with_an_underscore_is_not_taken_for_another(single_server: SmallServer) -> None:
    request = (
        "GET /environ HTTP/1.1\r\nHost: a\r\nX_Forwarded_For: 1.2.3.4\r\nContent_Length: 9\r\n"
        "X-Forwarded-For: 5.6.7.8\r\nX-Forwarded_For: 1.2.3.4\r\nConnection: close\r\n\r\n"
    )
    with single_server.sending(request.encode()) as (connection,):
        environ = ast.literal_eval(received(connection).partition(b"\r\n\r\n")[2].decode())
    assert environ["HTTP_X_FORWARDED_FOR"] == "5.6.7.8"
    assert "CONTENT_LENGTH" not in environ


def test_a_body_arrives_whole_however_it_is_sent(single_server: SmallServer) -> None:
    large = bytes(range(256)) * 12_000
    assert single_server.ask("/echo", "POST", large) == (200, large)
    chunked = (
        b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
    )
    with single_server.sending(chunked + b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n") as (connection,):
        assert received(connection).endswith(b"abcde")


def test_a_body_beyond_every_limit_is_not_received(single_server: SmallServer) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900000000\r\n\r\n"
    with single_server.sending(head) as (connection,):
        connection.settimeout(PATIENCE_S)
        assert re.search(rb"content-length: 0\r\n", connection.recv(65536))


def test_a_failing_application_fails_one_request(single_server: SmallServer) -> None:
    assert single_server.ask("/fail")[0] == 500  # type: ignore[index]
    assert single_server.ask("/fail", "POST", b"a")[0] == 500  # type: ignore[index]
    assert single_server.ask("/") is not None
    assert single_server.ask("/echo", "POST", b"a") == (200, b"a")


def test_a_file_is_answered_from_the_disk(single_server: SmallServer, tmp_path: Path) -> None:
    file = tmp_path / "plan.pdf"
    file.write_bytes(bytes(range(256)) * 20_000)
    assert single_server.ask("/file", X_File=str(file)) == (200, file.read_bytes())


def test_the_end_answers_what_is_in_hand_and_refuses_what_is_half_sent(
    own_server: SmallServer, tmp_path: Path
) -> None:
    release = tmp_path / "release"
    (process,) = own_server.web_processes()
    with (
        ThreadPoolExecutor() as pool,
        own_server.sending(HALF_BODY) as (half_sent,),
    ):
        in_hand = pool.submit(own_server.ask, "/wait", X_File=str(release))
        wait_for((tmp_path / "release.taken").exists, "a request in hand")
        process.send_signal(signal.SIGTERM)
        assert received(half_sent).startswith(b"HTTP/1.1 503 ")
        release.touch()
        assert in_hand.result()[0] == 200  # type: ignore[index]
        wait_for(lambda: not lives(process), "the end of the process")
