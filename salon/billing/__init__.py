"""Billing: quotes (*devis*), orders, invoices, credit notes (*avoirs*) and payments.

Issued documents never change; what is due is computed from them and from the payments.
"""
