"""Rundbrief: say it once, approve it once; every channel says the same at the same moment.

The package itself loads nothing: a process loads what it needs, the application everything (``factory``), a sender
kernel and delivery (``sender``).
"""
