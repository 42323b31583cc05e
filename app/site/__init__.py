"""The public front: start page, search, legal pages, accessibility, and what machines ask a site for.

Nobody asks this feature for anything; it asks all the others.
"""
