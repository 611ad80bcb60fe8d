"""Kind and icon of the state of an application, as every list and page shows it."""

from salon.exhibitors.models import ApplicationStatus

STATE_KINDS = {
    ApplicationStatus.DRAFT: ("neutral", "pencil"),
    ApplicationStatus.SUBMITTED: ("warning", "inbox"),
    ApplicationStatus.CHANGES_ASKED: ("info", "arrow-return-left"),
    ApplicationStatus.WAITING: ("neutral", "hourglass-split"),
    ApplicationStatus.OFFERED: ("info", "envelope-open"),
    ApplicationStatus.ACCEPTED: ("ok", "check-circle-fill"),
    ApplicationStatus.REFUSED: ("danger", "x-octagon-fill"),
    ApplicationStatus.WITHDRAWN: ("neutral", "slash-circle"),
}
