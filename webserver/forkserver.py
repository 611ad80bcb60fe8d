"""Loads the application once, and forks a web process whenever the supervisor asks for one.

Web processes share the memory of what was loaded, and one that takes another's place loads nothing.
Each is orphaned at birth: the supervisor adopts it, sees it end, and may lose the fork server.
"""

import argparse
import gc
import os
import socket
from collections.abc import Sequence

from webserver import WEB
from webserver.parent import end_with_parent, take_name
from webserver.worker import gateway_of, run


def become_web_process(supervisor: int, descriptors: Sequence[int]) -> bool:
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
        take_name(WEB)
        os.write(birth, b"%d" % os.getpid())
    os.close(adopted)
    os.close(birth)
    return not between


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("target", help="module:application, WSGI or a Gateway")
    parser.add_argument("--channel", type=int, required=True, help="where processes are asked for")
    parser.add_argument("--ready-path", default="", help="page that answers 200 when it can")
    options = parser.parse_args()
    supervisor = os.getppid()
    gateway = gateway_of(options.target)
    # The collector writes in what it walks: that would be shared no more.
    gc.freeze()
    with socket.socket(fileno=options.channel) as channel:
        while True:
            _, descriptors, _, _ = socket.recv_fds(channel, len(WEB), maxfds=3)
            if not descriptors:
                return
            if become_web_process(supervisor, descriptors):
                break
    _, descriptor, *ready_descriptors = descriptors
    run(gateway, descriptor, ready_descriptors[0] if ready_descriptors else -1, options.ready_path)


if __name__ == "__main__":
    main()
