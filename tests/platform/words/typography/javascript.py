"""The texts inside JavaScript: strings and templates, without the code between `${` and `}`."""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    r"//[^\n]*|/\*.*?\*/"
    r"|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'"
    r"|(?<=[=(,:;!&|?{}\n])\s*/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*"
    r"|[`{}]",
    re.DOTALL,
)
QUOTES = ('"', "'")


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """(where it starts, the text as written) of each string and each piece of a template."""
    at, braces = 0, [0]
    while match := TOKEN.search(source, at):
        at, token = match.end(), match[0]
        if token.startswith(QUOTES):
            yield match.start() + 1, token[1:-1]
        elif token == "{":
            braces[-1] += 1
        elif token == "}" and (braces[-1] or len(braces) == 1):
            braces[-1] -= 1
        elif token in ("`", "}"):
            if token == "}":
                braces.pop()
            end = re.compile(r"(?:[^`\\$]|\\.|\$(?!\{))*", re.DOTALL).match(source, at)
            assert end is not None
            yield at, end[0]
            at = end.end() + 1
            if source[at - 1] == "$":
                at += 1
                braces.append(0)
