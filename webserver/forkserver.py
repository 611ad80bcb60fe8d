"""Loads the application once, and forks a process whenever the supervisor orders one.

An order is a JSON object: the `name` of the process, which says what it does, and the `ready_path`
that must answer 200 before it begins, or "". With it come descriptors: where the process tells its
number, where it beats, and those that its work takes.

These processes share the memory of what was loaded, and one that takes another's place loads
nothing. Each is orphaned at birth: the supervisor adopts it, sees it end, and may lose the fork
server.
"""

import argparse
import gc
import json
import os
import select
import socket
from collections.abc import Sequence

from webserver import WEB
from webserver.parent import end_with_parent, take_name
from webserver.pulse import BEAT_S, beat
from webserver.worker import gateway_of, work

ORDER_BYTES, MOST_DESCRIPTORS = 4_096, 4


def read_order(
    message: bytes, descriptors: list[int], ready_path: str
) -> tuple[dict[str, str], list[int]]:
    """Return the order and its descriptors.

    At an upgrade without a stop, the supervisor of the release 1.0 stays: it orders web processes
    alone, and sends a socket, then, where it waits for the process, what to write to once.
    """
    if message != WEB.encode():
        return json.loads(message), descriptors
    birth, listener, *ready = descriptors
    pulses = ready or [os.open(os.devnull, os.O_WRONLY)]
    return {"name": WEB, "ready_path": ready_path if ready else ""}, [birth, *pulses, listener]


def become_process(supervisor: int, name: str, descriptors: Sequence[int]) -> bool:
    """Fork; return True in the new process, which has told its number on the first descriptor.

    It waits until the one between it and the fork server has ended, and the supervisor adopts it.
    """
    birth = descriptors[0]
    adopted, adoption = os.pipe()
    between = os.fork()
    if between:
        os.waitpid(between, 0)
        os.write(adoption, b"1")
        os.close(adoption)
        for descriptor in descriptors[1:]:
            os.close(descriptor)
    else:
        if os.fork():
            os._exit(0)
        os.close(adoption)
        if not os.read(adopted, 1):  # the fork server has ended
            os._exit(1)
        os.setsid()
        end_with_parent(supervisor)
        take_name(name)
        os.write(birth, b"%d" % os.getpid())
    os.close(adopted)
    os.close(birth)
    return not between


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", help="module:application, WSGI or a Gateway")
    parser.add_argument("--channel", type=int, required=True, help="where orders come from")
    parser.add_argument("--pulse", type=int, default=-1, help="where it says that it lives")
    parser.add_argument("--ready-path", default="", help="of the orders of the release 1.0")
    options = parser.parse_args()
    supervisor = os.getppid()
    gateway = gateway_of(options.target)
    # The collector writes in what it walks: that would be shared no more.
    gc.freeze()
    with socket.socket(fileno=options.channel) as channel:
        while True:
            if options.pulse >= 0:
                beat(options.pulse)
            if not select.select([channel], [], [], BEAT_S)[0]:
                continue
            message, descriptors, _, _ = socket.recv_fds(channel, ORDER_BYTES, MOST_DESCRIPTORS)
            if not descriptors:
                return
            order, descriptors = read_order(message, descriptors, options.ready_path)
            if become_process(supervisor, order["name"], descriptors):
                break
    if options.pulse >= 0:
        os.close(options.pulse)
    work(gateway, order["name"], order["ready_path"], descriptors[1:])


if __name__ == "__main__":
    main()
