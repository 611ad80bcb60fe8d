"""Accounts (comptes), sign-in (connexion), stations (appareils d'accueil).

Organisers: password and TOTP. Agents and exhibitors: a code by e-mail. Stations: a token.
"""
