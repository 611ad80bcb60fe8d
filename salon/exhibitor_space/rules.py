"""Limits of the documents that an exhibitor sends, of the added tasks, and their answers."""

from datetime import date

from salon.exhibitors.models import AddedTask, AnswerKind, DocumentStatus
from salon.platform.words.errors import ReasonMissing, RuleBroken

MOST_TASKS = 20
"""Most tasks that organisers add to the fixed ones: each is a column of the follow-up."""


class TooManyDocuments(RuleBroken):
    status = 400


class TooMuchSent(RuleBroken):
    status = 400
    message = (
        "Vos documents occupent toute la place prévue. Envoyez un fichier plus léger, "
        "ou écrivez à l’organisation."
    )


class FileTooHeavy(RuleBroken):
    status = 413
    message = "Ce fichier est trop lourd. Enregistrez-le en qualité réduite, puis renvoyez-le."


class AlreadyAnswered(RuleBroken):
    """The document already has this answer."""


class RemindedToday(RuleBroken):
    message = "Un rappel est déjà parti aujourd’hui à cet exposant."


class NothingToRecall(RuleBroken):
    message = "Cet exposant n’a plus rien à faire : aucun rappel n’est parti."


def check_quota(files: int, size: int, adding: int, most_files: int, most_bytes: int) -> None:
    """Check one more file of `adding` bytes beside `files` files of `size` bytes in all."""
    if files + 1 > most_files:
        raise TooManyDocuments(
            f"Vous avez déjà envoyé {files} documents, le plus possible. "
            "Écrivez à l’organisation pour en envoyer d’autres."
        )
    if size + adding > most_bytes:
        raise TooMuchSent


def check_answer(current: DocumentStatus, answer: DocumentStatus, reason: str) -> None:
    """A refusal needs a reason; the same answer is not given twice."""
    if answer == DocumentStatus.REFUSED and not reason.strip():
        raise ReasonMissing
    if current == answer:
        raise AlreadyAnswered(f"Ce document est déjà « {current.label} ».")


class TaskAfterFair(RuleBroken):
    status = 400
    message = "Une tâche se demande avant le salon : choisissez un jour plus tôt."


class TooManyTasks(RuleBroken):
    message = f"Au plus {MOST_TASKS} tâches ajoutées : retirez-en une d’abord."


class TaskAnswered(RuleBroken):
    message = (
        "Des exposants ont déjà répondu : ce qui est attendu ne change plus. "
        "Retirez cette tâche et ajoutez-en une autre."
    )


class TaskWithdrawn(RuleBroken):
    message = "L’organisation ne demande plus cela : votre réponse n’est pas enregistrée."


def check_task_is_before_fair(due_on: date, fair_on: date) -> None:
    """A task is due before the first day, as the fixed ones are."""
    if due_on >= fair_on:
        raise TaskAfterFair


def check_room_for_task(count: int) -> None:
    """At most MOST_TASKS tasks are asked at once."""
    if count >= MOST_TASKS:
        raise TooManyTasks


def check_answers_hold(current: AnswerKind, new_kind: AnswerKind, answers: int) -> None:
    """The kind of answer of a task changes only while there is no answer."""
    if answers and new_kind != current:
        raise TaskAnswered


def check_is_still_asked(task: AddedTask) -> None:
    """A withdrawn task takes no answer."""
    if task.is_withdrawn:
        raise TaskWithdrawn
