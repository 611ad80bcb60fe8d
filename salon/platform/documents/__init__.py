"""Documents: PDF, QR codes, calendars and spreadsheets."""
