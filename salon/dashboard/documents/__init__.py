"""Files and attachments of the feature: PDF, calendars, spreadsheets."""
