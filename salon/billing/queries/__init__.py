"""Reads of sales documents, payments and buyers."""
