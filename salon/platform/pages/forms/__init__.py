"""Base of the forms: French messages, blanks stripped, hostile characters refused."""

from salon.platform.pages.forms.base import (
    ChangeForm,
    CreatingForm,
    FilterForm,
    Refusals,
    SalonForm,
    SentField,
    StampForm,
    VersionForm,
    new_submission_key,
    stamp_field,
    version_field,
)
from salon.platform.pages.forms.checks import (
    MAX_LINE,
    MAX_NAME,
    RELOAD,
    InRange,
    at_most,
    check_email,
    check_key,
    check_lines,
    check_no_link,
    check_printable,
    one_line,
    required,
    several_lines,
    unprintable,
)
from salon.platform.pages.forms.emails import (
    EMAIL_MISSING,
    ProbableEmailField,
    email,
    optional_email,
    visitor_email,
)
from salon.platform.pages.forms.texts import (
    LONGEST_SECTION,
    ListedField,
    MarkdownField,
    NameField,
    NumberedList,
    SectionFields,
    checkboxes,
    line,
    mail_words_field,
    markdown_field,
    organisation_field,
    paragraphs,
    person_field,
    sections_of,
)
