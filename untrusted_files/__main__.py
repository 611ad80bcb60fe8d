"""The process that reads one file: a task as argument, the file as input.

Prints ACCEPTED and a result, or REFUSED and a message. Ends otherwise when a limit is reached.
"""

import resource
import sys
from collections.abc import Callable

from untrusted_files import FileRefused
from untrusted_files.apart import ACCEPTED, CPU_S, MEMORY_BYTES, REFUSED, Task


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S + 1))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    try:
        answer = ACCEPTED + reader(Task(sys.argv[1]))(content)
    except FileRefused as refusal:
        answer = REFUSED + refusal.message.encode()
    sys.stdout.buffer.write(answer)


def reader(task: Task) -> Callable[[bytes], bytes]:
    """Return the function of a task; what it needs is loaded under the limits."""
    if task is Task.LOGO:
        from untrusted_files.images import write_picture_anew

        return write_picture_anew
    if task in (Task.PICTURE, Task.SMALL_PICTURE):
        from untrusted_files.images import LARGE_SIDE, SMALL_SIDE, write_picture_anew

        side = LARGE_SIDE if task is Task.PICTURE else SMALL_SIDE
        return lambda content: write_picture_anew(content, side)
    if task is Task.WORKBOOK:
        from untrusted_files.workbooks import lines_of_workbook

        return lambda content: lines_of_workbook(content).encode()
    if task is Task.STATEMENT:
        from untrusted_files.bank_statements import lines_of_statement

        return lambda content: lines_of_statement(content).encode()
    from untrusted_files.documents import check_document

    is_named_pdf = task is Task.DOCUMENT_NAMED_PDF
    return lambda content: check_document(content, is_named_pdf).encode()


if __name__ == "__main__":
    main()
