"""The audience classes of an issue: one frozen message for each form in which people read."""

from app import delivery, subscriptions
from app.newsletter import mails
from app.newsletter.content import Content
from app.newsletter.models import Issue


def owe(issue: Issue, content: Content) -> int:
    """Freeze one message for each form in which somebody reads, and owe it to them; to how many."""
    headers = mails.list_headers(subscriptions.get_newsletter(issue.newsletter_id))
    whole = mails.issue_mail(content)
    prepared = 0
    for form in subscriptions.Format:
        part = subscriptions.Part(format=form)
        if subscriptions.count_audience(issue.newsletter_id, part):
            mail = mails.in_form(whole, form)
            message = delivery.freeze(issue.subject, "issue", mail, issue.lang, headers)
            prepared += delivery.prepare(message, subscriptions.audience(issue.newsletter_id, part))
    return prepared
