"""Sign-ups between the form and the mail.

The form only writes down what was asked, whoever the address belongs to; a job answers a moment later. So nothing that
a visitor can see or measure depends on who is subscribed, and when very many sign up they wait, and none is lost.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from sqlalchemy import select

from app.kernel import clock
from app.kernel.db import session
from app.kernel.errors import Invalid
from app.subscriptions import limits
from app.subscriptions.declarations import keep_text
from app.subscriptions.models import SignUpRequest
from app.subscriptions.rules import read_address
from app.subscriptions.services.sign_up import SignUp, answer, chosen_newsletters, content_of, sign_up_from

AT_ONCE: Final = 100


def take(wanted: SignUp, shown_text: str, also_shown: Mapping[str, str] | None = None) -> None:
    """Write down a sign-up, to be answered by mail within seconds; the same work for every address.

    ``shown_text`` is the consent as it was shown, ``also_shown`` what stood beside it (form, privacy notice),
    each under a name. Raises Invalid for a wrong address or newsletter.
    """
    address = read_address(wanted.address)
    chosen_newsletters(wanted.newsletters)
    text = keep_text(shown_text, wanted.lang)
    shown = {name: keep_text(said, wanted.lang) for name, said in (also_shown or {}).items()}
    asked = content_of(replace(wanted, shown=shown), address)
    session.add(SignUpRequest(key=address.key, asked=asked, shown_text=text, at=clock.now()))
    session.flush()


def waiting_ids() -> Sequence[int]:
    """The sign-ups to answer next, oldest first, 100 at most; none while the hour's mails have left."""
    if limits.is_full():
        return []
    return session.scalars(select(SignUpRequest.id).order_by(SignUpRequest.id).limit(AT_ONCE)).all()


def answer_waiting(request_id: int) -> bool:
    """Answer this sign-up; False if somebody else does, or the ceiling of the hour is reached."""
    wanted = select(SignUpRequest).where(SignUpRequest.id == request_id)
    found = session.scalar(wanted.with_for_update(skip_locked=True))
    if found is None or limits.is_full():
        return False
    session.delete(found)
    sign_up = sign_up_from(found.asked)
    try:
        chosen = chosen_newsletters(sign_up.newsletters)
    except Invalid:  # the newsletters have been given up since
        return True
    answer(read_address(sign_up.address), chosen, sign_up, found.shown_text, found.at)
    return True
