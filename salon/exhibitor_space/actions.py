"""What the journal notes of tasks and documents of exhibitors."""

from salon.platform.database.journal import JournalAction


class SpaceAction(JournalAction):
    DOCUMENT_ACCEPTED = "document.accepted", "Document accepté"
    DOCUMENT_GIVEN = "document.given", "Document envoyé"
    DOCUMENT_READ = "document.read", "Document ouvert"
    DOCUMENT_REFUSED = "document.refused", "Document refusé"
    EXHIBITOR_TASK_ANSWERED = "exhibitor.task_answered", "Tâche faite par l’exposant"
    EXHIBITOR_TASK_REOPENED = "exhibitor.task_reopened", "Réponse retirée par l’exposant"
    EXHIBITOR_TASK_ADDED = "exhibitor_task.added", "Tâche des exposants ajoutée"
    EXHIBITOR_TASK_CHANGED = "exhibitor_task.changed", "Tâche des exposants modifiée"
    EXHIBITOR_TASK_EXPORTED = "exhibitor_task.exported", "Réponses à une tâche exportées"
    EXHIBITOR_TASK_RESTORED = "exhibitor_task.restored", "Tâche des exposants redemandée"
    EXHIBITOR_TASK_WITHDRAWN = "exhibitor_task.withdrawn", "Tâche des exposants retirée"
