"""List pages: filters and order read from the address, pages, sort links, exports.

A feature declares a `Listing` beside its queries: columns to sort by, default order, page length.
Its statement or its rows become a `Page` for the macros of `macros/lists.html`; an export reads
the same statement whole.
"""
