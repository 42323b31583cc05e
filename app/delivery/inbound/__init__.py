"""Mails that come back: bounces, complaints, automatic answers, wishes to leave, and what people write.

They are read within fixed limits, recognised by tokens that only we can make, and never thrown away unread.
"""
