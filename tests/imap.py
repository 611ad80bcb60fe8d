"""A mailbox of ours behind IMAP4rev1 (RFC 3501): the commands that a reader of reports speaks."""

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

NO = b"NO not that"
USER, PASSWORD = "retours", "un secret"


class MailboxServer:
    """The mails of a folder, by UID, and which are seen. `said`: the commands that were given."""

    def __init__(self, *mails: bytes) -> None:
        self.mails = dict(enumerate((mail.replace(b"\n", b"\r\n") for mail in mails), 1))
        self.seen: set[int] = set()
        self.said: list[str] = []
        self.port = 0

    def answer(self, command: str) -> Iterator[bytes]:
        """Yield the lines of an answer before its last; the last one is OK unless one says NO."""
        name, _, words = command.partition(" ")
        if name == "LOGIN" and words != f'{USER} "{PASSWORD}"':
            yield NO
        elif name == "CAPABILITY":
            yield b"* CAPABILITY IMAP4rev1"
        elif name == "SELECT":
            yield b"* %d EXISTS" % len(self.mails) if words == '"INBOX"' else NO
        elif words.startswith("SEARCH"):
            unseen = sorted(self.mails.keys() - self.seen)
            yield b" ".join([b"* SEARCH", *(b"%d" % uid for uid in unseen)])
        elif words.startswith("FETCH"):
            yield from self._parts(words)
        elif words.startswith("STORE"):
            self.seen.add(int(words.split()[1]))
        elif name == "LOGOUT":
            yield b"* BYE"

    def _parts(self, words: str) -> Iterator[bytes]:
        _, uids, item = words.split(" ", 2)
        for uid in map(int, uids.split(",")):
            header = self.mails[uid].partition(b"\r\n\r\n")[0]
            unfolded = re.sub(rb"\r\n\s+", b" ", header)
            kinds = [line for line in unfolded.split(b"\r\n") if line.startswith(b"Content-Type")]
            part = b"\r\n".join([*kinds, b"", b""])
            label = b"BODY[HEADER.FIELDS (CONTENT-TYPE)]"
            if limit := re.search(r"<0\.(\d+)>", item):
                part, label = self.mails[uid][: int(limit[1])], b"BODY[]<0>"
            yield b"* %d FETCH (UID %d %s {%d}\r\n%s)" % (uid, uid, label, len(part), part)


@contextmanager
def open_mailbox(context: ssl.SSLContext, *mails: bytes) -> Iterator[MailboxServer]:
    """Listen until its end, encrypted from the first byte."""
    mailbox = MailboxServer(*mails)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(OSError), context.wrap_socket(self.request, server_side=True) as stream:
                lines = stream.makefile("rb")
                stream.sendall(b"* OK here\r\n")
                for line in lines:
                    tag, _, command = line.decode().strip().partition(" ")
                    mailbox.said.append(command.partition(" ")[0])
                    *before, last = [*mailbox.answer(command), b"OK done"]
                    if before[-1:] == [NO]:
                        last = before.pop()
                    for answer in before:
                        stream.sendall(answer + b"\r\n")
                    stream.sendall(tag.encode() + b" " + last + b"\r\n")
                    if command == "LOGOUT":
                        return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as server:
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield mailbox
        finally:
            server.shutdown()
            thread.join()
