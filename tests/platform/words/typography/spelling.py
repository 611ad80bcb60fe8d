"""Faults of French typography and spelling, in any text that people are given."""

import re

BREAKING = re.compile(r"\S [;:!?»](?=[\s.,)\"]|$)|« ", re.MULTILINE)
UNELIDED = re.compile(
    r"\b(?:[dD]e|[qQ]ue|[jJ]usque|[lL]orsque|[pP]uisque)[ \u00a0](?!onz|oui\b|un\b à|y[aeiou])"
    r"[aeiouéèêâîôœh](?<!h)\w",
    re.IGNORECASE,
)


def faults_of(text: str) -> list[str]:
    """Double punctuation that may begin a line, and vowels that meet."""
    results = [*BREAKING.finditer(text), *UNELIDED.finditer(text)]
    return [text[max(0, match.start() - 30) : match.end() + 20] for match in results]
