"""Rundbrief: say it once, approve it once; every channel says the same at the same moment."""
