"""Refusals of mail servers in French: SMTP answers and delivery reports (RFC 3463, RFC 5321)."""

import re

from salon.platform.words.texts import printable_line

STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
BY_DETAIL = {
    "1.2": "le domaine de cette adresse n’existe pas",
    "1.3": "cette adresse n’est pas valide",
    "1.6": "cette boîte a déménagé",
    "1.8": "le destinataire refuse notre adresse d’expéditeur",
    "1.10": "ce domaine ne reçoit pas de courriel",
    "2.1": "cette boîte est fermée",
    "2.2": "cette boîte est pleine",
    "2.3": "le message est trop grand pour cette boîte",
    "3.4": "le message est trop grand",
    "4.4": "le domaine de cette adresse n’existe pas",
    "4.7": "le serveur du destinataire n’a pas répondu à temps",
}
BY_SUBJECT = {
    "1": "cette adresse n’existe pas",
    "2": "cette boîte ne reçoit pas",
    "3": "le serveur du destinataire ne prend pas ce message",
    "4": "le serveur du destinataire ne répond pas",
    "5": "les deux serveurs ne se comprennent pas",
    "6": "le serveur du destinataire ne lit pas ce message",
    "7": "le serveur du destinataire refuse nos messages",
}
BY_CODE = {
    421: "le serveur de courriel demande d’attendre",
    450: "le serveur de courriel demande d’attendre",
    451: "le serveur de courriel demande d’attendre",
    452: "le serveur de courriel n’a plus de place pour l’instant",
    535: "le serveur de courriel ne reconnaît pas notre compte",
    550: "cette adresse n’existe pas ou ne reçoit pas nos messages",
    551: "cette adresse n’existe pas ou ne reçoit pas nos messages",
    552: "cette boîte est pleine, ou le message trop grand",
    553: "cette adresse n’est pas valide",
}


def status_words(status: str) -> str:
    """Return what an enhanced status (« 5.1.1 ») says; "" for an unknown one."""
    match = STATUS.fullmatch(status)
    if match is None:
        return ""
    _, subject, detail = match.groups()
    return BY_DETAIL.get(f"{subject}.{detail}") or BY_SUBJECT.get(subject, "")


def refusal_words(code: int, answer: str) -> str:
    """Return the reason of an SMTP answer, and the answer itself as the server wrote it."""
    status = STATUS.search(answer)
    reason = (status and status_words(status.group())) or BY_CODE.get(code)
    if reason is None:
        refuses = "refuse ce message" if code >= 500 else "demande d’attendre"
        reason = f"le serveur de courriel {refuses}"
    return f"{reason} ({code} {printable_line(' '.join(answer.split()))})"
