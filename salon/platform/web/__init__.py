"""Requests and answers: who may ask, how often, what an error looks like."""
