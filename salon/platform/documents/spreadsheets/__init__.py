"""Lists read from CSV, XLSX and ODS files, previewed and corrected; tables written as CSV, XLSX."""
