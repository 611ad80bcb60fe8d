"""What others read: an API over an edition's public facts (« lectures »), its tokens (« jetons de
lecture ») and the page that describes it.
"""
