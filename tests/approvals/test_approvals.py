from collections.abc import Iterator
from typing import Any

import pytest

from app import approvals
from app.kernel import audit
from app.kernel.db import session, transaction
from app.kernel.errors import Invalid

AUTHOR, SECOND_AUTHOR, APPROVER = 1, 2, 3
SUBJECT = "announcement:12"
HASH = approvals.content_hash({"title": "Neuer Onlinedienst"})


@pytest.fixture
def writing(app: Any, clock: Any) -> Iterator[None]:
    with app.app_context(), transaction():
        yield


def test_a_second_person_approves_what_they_were_shown(writing: None) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR)
    approval = approvals.approve(SUBJECT, HASH, APPROVER)
    assert (approval.state, approval.approver_id, approval.content_hash) == ("approved", APPROVER, HASH)
    assert approvals.is_approved(SUBJECT, HASH)
    assert not approvals.is_approved(SUBJECT, approvals.content_hash("something else"))


@pytest.mark.parametrize("person", [AUTHOR, SECOND_AUTHOR])
def test_nobody_who_wrote_it_may_approve_it(writing: None, person: int) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR, {SECOND_AUTHOR})
    with pytest.raises(approvals.OwnWork) as refused:
        approvals.approve(SUBJECT, HASH, person)
    assert refused.value.status == 403
    assert not approvals.is_approved(SUBJECT, HASH)


def test_who_saw_something_else_cannot_approve(writing: None) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR)
    with pytest.raises(approvals.ContentChanged) as refused:
        approvals.approve(SUBJECT, approvals.content_hash("an older version"), APPROVER)
    assert refused.value.status == 409
    assert not approvals.is_approved(SUBJECT, HASH)


def test_a_void_approval_counts_no_more_and_cannot_be_given_again(writing: None) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR)
    approvals.approve(SUBJECT, HASH, APPROVER)
    assert approvals.void(SUBJECT)
    assert not approvals.is_approved(SUBJECT, HASH)
    with pytest.raises(approvals.NotSubmitted):
        approvals.approve(SUBJECT, HASH, APPROVER)
    assert not approvals.void(SUBJECT)


def test_what_was_never_submitted_cannot_be_approved(writing: None) -> None:
    with pytest.raises(approvals.NotSubmitted) as refused:
        approvals.approve(SUBJECT, HASH, APPROVER)
    assert refused.value.status == 409


def test_submitting_again_voids_the_earlier_request(writing: None) -> None:
    first = approvals.submit(SUBJECT, HASH, AUTHOR)
    second = approvals.submit(SUBJECT, HASH, AUTHOR)
    assert (first.state, second.state) == ("void", "submitted")
    assert [approval.id for approval in approvals.pending()] == [second.id]
    assert [approval.id for approval in approvals.history(SUBJECT)] == [second.id, first.id]


def test_a_rejection_needs_a_note_and_gives_the_content_back(writing: None) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR)
    with pytest.raises(Invalid) as refused:
        approvals.reject(SUBJECT, APPROVER, "  ")
    assert list(refused.value.fields) == ["note"]
    approval = approvals.reject(SUBJECT, APPROVER, " Bitte die Region ergänzen. ")
    assert (approval.state, approval.note) == ("rejected", "Bitte die Region ergänzen.")
    assert approvals.pending() == []
    with pytest.raises(approvals.NotSubmitted):
        approvals.approve(SUBJECT, HASH, APPROVER)


def test_every_step_is_in_the_audit_log(writing: None) -> None:
    approvals.submit(SUBJECT, HASH, AUTHOR)
    approvals.approve(SUBJECT, HASH, APPROVER)
    approvals.void(SUBJECT)
    entries = session.query(audit.AuditEntry).order_by(audit.AuditEntry.id).all()
    assert [(entry.verb, entry.subject) for entry in entries] == [
        ("approval.submitted", SUBJECT),
        ("approval.approved", SUBJECT),
        ("approval.voided", SUBJECT),
    ]


def test_equal_contents_hash_equally_whatever_the_order_of_their_keys() -> None:
    assert approvals.content_hash({"a": 1, "b": "ä"}) == approvals.content_hash({"b": "ä", "a": 1})
    assert approvals.content_hash({"a": 1}) != approvals.content_hash({"a": 2})
    assert len(HASH) == 64
