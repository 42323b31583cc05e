"""The life of an issue: written, submitted, approved by a second person, scheduled, sent."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from app import approvals, delivery, subscriptions, taxonomy
from app.kernel import audit, clock, config, i18n, identity, text
from app.kernel.db import session
from app.kernel.errors import Conflict, Invalid
from app.kernel.i18n import _, lazy
from app.newsletter import audiences, mails, queries, rules
from app.newsletter import blocks as block_list
from app.newsletter.content import Content, resolve, stale_items
from app.newsletter.models import HoldReason, Issue, IssueState

EDITABLE: Final = ("number", "title", "preheader", "salutation", "blocks", "closing", "easy_language")


class WrongState(Conflict):
    """The issue is not in a state in which this can be done."""

    def __init__(self) -> None:
        super().__init__(lazy("Der Stand der Ausgabe hat sich geändert. Bitte laden Sie die Seite neu."))


def draft(newsletter_id: int, editor_id: int, **values: Any) -> Issue:
    """A new issue with the next number, greeted and closed like the one before; ``values`` are those of ``edit``."""
    newsletter = subscriptions.get_newsletter(newsletter_id)
    last = queries.last_of(newsletter_id)
    issue = Issue(
        newsletter_id=newsletter_id,
        lang=newsletter.lang,
        number=rules.next_number(last.number if last else None, clock.today()),
        title="",
        preheader="",
        salutation=last.salutation if last else "",
        closing=last.closing if last else _first_closing(newsletter.lang),
        blocks=_first_blocks(newsletter.lang),
        easy_language=text.EMPTY,
        author_ids=[editor_id],
        created_at=clock.now(),
        updated_at=clock.now(),
    )
    _apply(issue, values)
    session.add(issue)
    session.flush()
    audit.record("issue.drafted", issue.subject, {"number": issue.number})
    return issue


def _first_closing(lang: str) -> str:
    with i18n.force(lang):
        return "\n".join(line for line in (_("Freundliche Grüße"), identity.current().team_name) if line)


def _first_blocks(lang: str) -> list[block_list.Block]:
    with i18n.force(lang):
        headings = {"text": "", "announcements": _("Aktuelle Meldungen"), "dates": _("Die nächsten Termine")}
    made: list[block_list.Block] = []
    for kind, heading in headings.items():
        made.append({**block_list.new(kind, made), "heading": heading})
    return made


def edit(issue_id: int, values: Mapping[str, Any], editor_id: int) -> Issue:
    """Change words or blocks. A given approval and a set time count no more.

    ``values``: number, title, preheader, salutation, blocks, closing, easy_language; what is left out stays.
    Raises Conflict once it is being sent, Invalid for a number that another issue has.
    """
    issue = _in_state(issue_id, rules.may_edit)
    _apply(issue, values)
    approvals.void(issue.subject)
    issue.state, issue.hold_reason = IssueState.DRAFT.value, ""
    issue.content, issue.content_hash = None, ""
    issue.send_at, issue.send_local = None, ""
    issue.author_ids = sorted({*issue.author_ids, editor_id})
    issue.updated_at = clock.now()
    audit.record("issue.edited", issue.subject, {"fields": sorted(values)})
    session.flush()
    return issue


def _apply(issue: Issue, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if name not in EDITABLE:
            raise ValueError(f"An issue has no {name} to edit.")
        setattr(issue, name, block_list.parse(value) if name == "blocks" else value)
    issue.number = " ".join(issue.number.split())
    with session.no_autoflush:
        if queries.number_is_taken(issue.newsletter_id, issue.number, issue.id or 0):
            raise Invalid(number=lazy("Diese Nummer hat schon eine andere Ausgabe. Bitte wählen Sie die nächste."))
        issue.slug = _free_slug(issue)


def _free_slug(issue: Issue) -> str:
    newsletter = subscriptions.get_newsletter(issue.newsletter_id)
    wanted = rules.slugify(newsletter.slug, issue.number)
    return taxonomy.free_slug(wanted, lambda slug: queries.slug_is_taken(slug, issue.id), rules.MAX_SLUG)


def submit(issue_id: int, editor_id: int) -> Issue:
    """Write out all live parts, and ask a second person for consent to exactly that.

    Raises Conflict in the wrong state, Invalid with what has to be done first.
    """
    issue = _in_state(issue_id, rules.may_submit)
    content = resolve(issue)
    grave = [str(finding.text) for finding in findings(issue, content) if finding.blocks]
    if grave:
        raise Invalid(" ".join(grave))
    issue.content, issue.content_hash = content, fingerprint(issue, content)
    issue.state, issue.hold_reason = IssueState.SUBMITTED.value, ""
    issue.send_at, issue.send_local = None, ""
    approvals.submit(issue.subject, issue.content_hash, editor_id, authors=issue.author_ids)
    session.flush()
    return issue


def findings(issue: Issue, content: Content) -> list[rules.Finding]:
    """What a careful reader would say about the issue as it is now, the grave things first."""
    mail = mails.issue_mail(content)
    return rules.findings(content, mail.html, subscriptions.count_audience(issue.newsletter_id))


def fingerprint(issue: Issue, content: Content) -> str:
    """What an approval is given to: every rendered form of the content, and to whom it goes."""
    mail = mails.issue_mail(content)
    return approvals.content_hash(
        {
            "mail": [mail.subject, mail.text, mail.html],
            "web": content,
            "audience": {"newsletter": issue.newsletter_id, "who": "confirmed"},
        }
    )


def approve(issue_id: int, seen_hash: str, person_id: int) -> Issue:
    """Consent of a second person to the content whose hash they were shown.

    Raises OwnWork (403) for an author, ContentChanged (409) if it is not what was submitted, Conflict otherwise.
    """
    issue = _in_state(issue_id, rules.may_decide)
    approvals.approve(issue.subject, seen_hash, person_id)
    if not _is_as_submitted(issue):
        raise approvals.ContentChanged
    issue.state, issue.author_ids = IssueState.APPROVED.value, []
    session.flush()
    return issue


def _is_as_submitted(issue: Issue) -> bool:
    return issue.content is not None and fingerprint(issue, issue.content) == issue.content_hash


def reject(issue_id: int, person_id: int, note: str) -> Issue:
    """Give it back to its authors with a note. Raises Invalid (``note``) without one, Conflict in the wrong state."""
    issue = _in_state(issue_id, rules.may_decide)
    approvals.reject(issue.subject, person_id, note)
    issue.state = IssueState.DRAFT.value
    session.flush()
    return issue


def schedule(issue_id: int, moment: datetime) -> Issue:
    """Send it at this moment (aware). Raises Conflict without an approval, Invalid (``at``) for the past."""
    issue = _in_state(issue_id, rules.may_schedule)
    if moment < clock.now() - timedelta(minutes=1):
        raise Invalid(at=lazy("Dieser Zeitpunkt ist schon vorbei. Bitte wählen Sie einen in der Zukunft."))
    return _schedule_at(issue, moment)


def send_now(issue_id: int) -> Issue:
    """Send it at the next turn of the worker. Raises Conflict without an approval."""
    return _schedule_at(_in_state(issue_id, rules.may_schedule), clock.now())


def _schedule_at(issue: Issue, moment: datetime) -> Issue:
    if not approvals.is_approved(issue.subject, issue.content_hash):
        raise WrongState
    issue.state, issue.hold_reason = IssueState.SCHEDULED.value, ""
    issue.send_at = moment
    issue.send_local = f"{clock.local(moment):%Y-%m-%dT%H:%M}"
    audit.record("issue.scheduled", issue.subject, {"send_at": moment.isoformat(), "wall_time": issue.send_local})
    session.flush()
    return issue


def cancel_schedule(issue_id: int) -> Issue:
    """Take the time back; the approval stays. Raises Conflict in the wrong state."""
    issue = _in_state(issue_id, lambda it: it.state == IssueState.SCHEDULED)
    issue.state, issue.send_at, issue.send_local = IssueState.APPROVED.value, None, ""
    audit.record("issue.unscheduled", issue.subject)
    session.flush()
    return issue


def hold(issue_id: int) -> Issue:
    """Stop it before or during its sending: nothing more leaves until a person says so."""
    issue = _in_state(issue_id, rules.may_hold)
    if issue.started_at is not None:
        delivery.hold(issue.subject, "asked")
    _hold(issue, HoldReason.ASKED)
    return issue


def _hold(issue: Issue, reason: HoldReason) -> None:
    issue.state, issue.hold_reason = IssueState.HELD.value, reason.value
    audit.record("issue.held", issue.subject, {"reason": reason.value})
    session.flush()


def resume(issue_id: int) -> Issue:
    """Let a sending that was stopped go on, also one that the delivery stopped itself. Raises Conflict otherwise."""
    issue = _in_state(issue_id, lambda it: rules.may_resume(it) or it.state == IssueState.SENDING)
    delivery.release(issue.subject)
    issue.state, issue.hold_reason = IssueState.SENDING.value, ""
    audit.record("issue.resumed", issue.subject)
    session.flush()
    return issue


def cancel(issue_id: int) -> int:
    """End a sending that has begun, for good: who has not got the issue yet never does; how many that are.

    What is on the wire at this moment may still arrive. Raises Conflict in the wrong state, or if nobody is left.
    """
    issue = _in_state(issue_id, rules.may_cancel)
    skipped = delivery.skip(delivery.CANCELLED, group=issue.subject)
    if not skipped:
        raise WrongState
    delivery.release(issue.subject)
    issue.state, issue.hold_reason, issue.sent_at = IssueState.CANCELLED.value, "", clock.now()
    audit.record("issue.cancelled", issue.subject, {"skipped": skipped})
    session.flush()
    return skipped


def start(issue_id: int) -> bool:
    """Begin the sending of a scheduled issue: freeze the message and write one delivery for each confirmed address.

    Returns whether it began. Held instead, with the reason: what is late, what changed since its approval, what nobody
    would get.
    """
    issue = queries.get_for_change(issue_id)
    if issue.state != IssueState.SCHEDULED or issue.send_at is None or issue.send_at > clock.now():
        return False
    if reason := _reason_not_to_start(issue, issue.send_at):
        _hold(issue, reason)
        return False
    assert issue.content is not None
    prepared = audiences.owe(issue, issue.content)
    issue.state, issue.started_at = IssueState.SENDING.value, clock.now()
    audit.record("issue.started", issue.subject, {"prepared": prepared, "content_hash": issue.content_hash})
    session.flush()
    return True


def _reason_not_to_start(issue: Issue, send_at: datetime) -> HoldReason | None:
    if rules.is_late(send_at, clock.now(), config.current().late_grace_minutes):
        return HoldReason.LATE
    approved = approvals.is_approved(issue.subject, issue.content_hash) and _is_as_submitted(issue)
    if not approved or issue.content is None or stale_items(issue.content):
        return HoldReason.CHANGED
    return None if subscriptions.count_audience(issue.newsletter_id) else HoldReason.EMPTY


def finish(issue_id: int) -> bool:
    """Call an issue sent once the ledger says that nothing is open and nobody is missing; whether it is."""
    issue = queries.get_for_change(issue_id)
    progress = delivery.progress(issue.subject)
    if issue.state != IssueState.SENDING or not (progress.finished and progress.balances):
        return False
    issue.state, issue.sent_at = IssueState.SENT.value, clock.now()
    audit.record("issue.sent", issue.subject, {"prepared": progress.prepared, "accepted": progress.accepted})
    session.flush()
    return True


def send_test(issue_id: int, to: str, name: str) -> None:
    """Send the issue as it is now to one person of the team, marked as a test."""
    issue = queries.get(issue_id)
    content = issue.content or resolve(issue)
    mail = mails.as_test(mails.issue_mail(content), name)
    delivery.queue_one("test", mail, to, group=f"{issue.subject}:test:{clock.now().isoformat()}", name=name)
    audit.record("issue.tested", issue.subject)


def _in_state(issue_id: int, allows: Any) -> Issue:
    issue = queries.get_for_change(issue_id)
    if not allows(issue):
        raise WrongState
    return issue
