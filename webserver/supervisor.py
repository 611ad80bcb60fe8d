"""Keeps the processes of a server: those that answer, and those that work beside them.

The supervisor listens to the sockets and answers nothing. So no death of a process closes the port,
and a connection that came meanwhile waits for the next one. Each process that answers has a socket
of its own, among which the kernel shares out connections: on a single one, the process that wakes
first takes nearly all of them.

On Linux those that answer are forked from one that has loaded the application (`forkserver.py`),
and as many others make the answers that last (`long_answers.py`). Each says every second that it
lives; one that is silent is killed, and begun again.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NoReturn

from webserver import BACKLOG, LONG, REPLACED, WEB
from webserver.forked import ForkedProcess
from webserver.keeper import Process, ProcessKeeper, kill
from webserver.long_answers import queue
from webserver.parent import adopt_orphans, tied_to_this_process
from webserver.pulse import Pulse
from webserver.service_manager import (
    READY,
    RELOAD_FAILED,
    RELOADING,
    STOPPING,
    WATCHDOG,
    SignsOfLife,
    notify,
)

CODE = Path(__file__).absolute().parent.parent
LOOK_S = 0.1
END_S = 15.0
"""Seconds that a process gets to finish its requests."""
SILENCE_S = 10.0
READY_S = 60.0
"""Seconds that a new process gets to become ready, before it is given up."""
DESCRIPTORS = 65_536
RUN_ALONE = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from webserver.__main__ import main; main()"
)
WEB_NAME = "Un serveur de pages"
LONG_NAME = "Un processus des longues réponses"
FORK_SERVER_NAME = "Le processus qui prépare les serveurs de pages"


class PortInUse(Exception):
    """Another process listens on the port."""


def listen(host: str, port: int, count: int) -> list[socket.socket]:
    """Return `count` sockets that listen on one port. Raises PortInUse, OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Without SO_REUSEPORT: another server's sockets would let ours join them.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse from error
    listeners = []
    for _ in range(count):
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
        listeners.append(listener)
    return listeners


def allow_descriptors() -> None:
    """Raise the number of files and connections that this process and its children may hold."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wished = DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, DESCRIPTORS)
    if soft < wished:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wished, hard))


def become_supervisor(
    target: str,
    listeners: Sequence[socket.socket],
    environ: Mapping[str, str],
    beside: Mapping[str, Sequence[str]],
    ready_path: str,
) -> NoReturn:
    """Replace this process by the supervisor alone, without the application that it has loaded.

    The process keeps its number, and the files that are inheritable. Arguments as of `Supervisor`.
    """
    for listener in listeners:
        listener.set_inheritable(True)
    numbers = [str(listener.fileno()) for listener in listeners]
    words = [target, "--ready-path", ready_path, "--beside", json.dumps(beside)]
    sys.stdout.flush()
    # CODE may lead through the link to the current release: Python would resolve its own folder.
    python = [sys.executable, "-P", "-c", RUN_ALONE, str(CODE)]
    os.execve(sys.executable, [*python, *words, "--sockets", *numbers], dict(environ))


class Supervisor:
    """Web processes on one port, and other processes beside them, until a signal ends them."""

    def __init__(
        self,
        target: str,
        listeners: Sequence[socket.socket],
        environ: Mapping[str, str],
        beside: Mapping[str, Sequence[str]] | None = None,
        ready_path: str = "",
        say: Callable[[str], None] = print,
        web_pauses_s: tuple[float, float] = (0.2, 5.0),
        beside_pauses_s: tuple[float, float] = (1.0, 30.0),
        forks: bool = sys.platform == "linux",
        silence_s: float = SILENCE_S,
    ) -> None:
        """A process answers on each listener; `beside`: name on screen → arguments of Python.

        A new process takes the place of another once its application answers 200 at `ready_path`.
        Pauses: the first before a process is started again, and the longest. `forks`: fork the
        processes that answer from one that has loaded the application, instead of starting each.
        `silence_s`: after which a process that has stopped is killed.
        """
        allow_descriptors()
        self.target, self.listeners, self.environ, self.say = target, listeners, environ, say
        self.web_pauses_s, self.beside_pauses_s = web_pauses_s, beside_pauses_s
        self.forks, self.silence_s = forks, silence_s
        self.beside, self.ready_path = dict(beside or {}), ready_path
        self.is_stopping = self.is_reload_requested = False
        self.signs_of_life = SignsOfLife()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; SIGHUP replaces every process by a new one."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGHUP, self._request_reload)
        self.fork_keepers: list[ProcessKeeper] = []
        self.long_keepers: list[ProcessKeeper] = []
        if self.forks:
            adopt_orphans()
            self.long_requests, self.long_outlet = queue()
            self.fork_keepers.append(self._keeper(FORK_SERVER_NAME, self._start_fork_server))
            self.long_keepers += [self._keeper(LONG_NAME, self._start_long) for _ in self.listeners]
        self.web_keepers = [
            self._keeper(WEB_NAME, partial(self._start_web, listener))
            for listener in self.listeners
        ]
        self.beside_keepers = [
            ProcessKeeper(
                name, partial(self._start_beside, arguments), *self.beside_pauses_s, self.say
            )
            for name, arguments in self.beside.items()
        ]
        keepers = [
            *(*self.fork_keepers, *self.long_keepers),
            *(*self.web_keepers, *self.beside_keepers),
        ]
        while not self.is_stopping:
            time.sleep(LOOK_S)
            if self.is_reload_requested:
                self.is_reload_requested = False
                notify(RELOADING)
                self.signs_of_life.state = WATCHDOG  # the outcome says READY, and nothing before it
                notify(READY if self._reload() else f"{READY}\n{RELOAD_FAILED}")
            for keeper in keepers:
                keeper.look()
            reap_orphans({keeper.process.pid for keeper in keepers})
            if all(keeper.pulse.has_begun for keeper in self.web_keepers):
                self.signs_of_life.send()
        notify(STOPPING)
        end([keeper.process for keeper in keepers])

    def _keeper(self, name: str, start: Callable[[Pulse], Process]) -> ProcessKeeper:
        return ProcessKeeper(name, start, *self.web_pauses_s, self.say, self.silence_s)

    def _start(
        self, arguments: Sequence[str], descriptors: Sequence[int] = ()
    ) -> "subprocess.Popen[bytes]":
        """Start a process that leads a group of its own, so that `end` reaches its children."""
        return subprocess.Popen(
            tied_to_this_process(arguments),
            cwd=CODE.resolve(),
            env=self.environ,
            pass_fds=descriptors,
            start_new_session=True,
        )

    def _start_beside(self, arguments: Sequence[str], pulse: Pulse) -> Process:
        return self._start(arguments)

    def _start_fork_server(self, pulse: Pulse) -> Process:
        """Start the process of which others are ordered from now on."""
        self.channel, inherited = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with inherited:
            arguments = [
                *("-m", "webserver.forkserver", self.target),
                *("--channel", str(inherited.fileno()), "--pulse", str(pulse.writer)),
            ]
            return self._start(arguments, [inherited.fileno(), pulse.writer])

    def _start_long(self, pulse: Pulse) -> Process:
        return self._start_worker(LONG, [pulse.writer, self.long_outlet.fileno()])

    def _start_web(self, listener: socket.socket, pulse: Pulse, ready_path: str = "") -> Process:
        descriptors = [pulse.writer, listener.fileno()]
        if self.forks:
            descriptors.append(self.long_requests.fileno())
        return self._start_worker(WEB, descriptors, ready_path)

    def _start_worker(self, name: str, descriptors: Sequence[int], ready_path: str = "") -> Process:
        if self.forks:
            order = {"name": name, "ready_path": ready_path}
            return ForkedProcess(self.channel, order, descriptors)
        words = [self.target, name, *map(str, descriptors), "--ready-path", ready_path]
        return self._start(["-m", "webserver.worker", *words], descriptors)

    def _reload(self) -> bool:
        """Replace each process; the former one ends once the new one can answer.

        Return False when one cannot, and those that are left go on.
        """
        fork_servers = [(keeper, self.channel) for keeper in self.fork_keepers]
        new_fork_servers = [keeper.started() for keeper in self.fork_keepers]
        for listener, keeper in zip(self.listeners, self.web_keepers, strict=True):
            pulse = Pulse()
            process = self._start_web(listener, pulse, self.ready_path)
            pulse.close_writer()
            if not self._is_ready(process, pulse):
                pulse.close()
                end([*(fork_server for fork_server, _ in new_fork_servers), process])
                for _, channel in fork_servers:
                    self.channel.close()
                    self.channel = channel
                self.say("  Le nouveau serveur de pages ne démarre pas\u00a0; l’ancien continue.")
                return False
            former = keeper.process
            keeper.replace(process, pulse)
            end([former], REPLACED)
        for (keeper, channel), started in zip(fork_servers, new_fork_servers, strict=True):
            end([keeper.process])
            channel.close()
            keeper.replace(*started)
        others = (*self.long_keepers, *self.beside_keepers)
        end([keeper.process for keeper in others])
        for keeper in others:
            keeper.begin()
        self.say("  Rechargé.")
        return True

    def _is_ready(self, process: Process, pulse: Pulse) -> bool:
        """Return whether a new process beats within READY_S."""
        deadline = time.monotonic() + READY_S
        while not self.is_stopping and time.monotonic() < deadline:
            if process.poll() is not None:
                return False
            pulse.feel()
            if pulse.has_begun:
                return True
            self.signs_of_life.send()
            time.sleep(LOOK_S)
        return False

    def _stop(self, *_: object) -> None:
        self.is_stopping = True

    def _request_reload(self, *_: object) -> None:
        self.is_reload_requested = True


def reap_orphans(watched: set[int]) -> None:
    """Forget the adopted processes that have ended; those of `watched` are seen by their keeper.

    What a killed process leaves, as one that reads a file, would stay a zombie. Waits while a
    process whose number is still 0 is being born: it may be the one that has ended.
    """
    with suppress(ChildProcessError):
        while 0 not in watched:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is None or ended.si_pid in watched:
                return
            os.waitpid(ended.si_pid, 0)


def end(processes: Sequence[Process], number: signal.Signals = signal.SIGTERM) -> None:
    """Ask each process to end, by a signal; after END_S, kill what is left of its group."""
    for process in processes:
        process.send_signal(number)
    deadline = time.monotonic() + END_S
    for process in processes:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            kill(process)
            process.wait()
