"""The reads of other services (« lectures »): an API over public facts, its tokens (« jetons de
lecture ») and the page that describes it.
"""
