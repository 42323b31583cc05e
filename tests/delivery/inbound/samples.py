"""More than 200 mails as they really come back, each with what it has to be taken for."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from app.delivery.inbound.reading import Cause, Kind
from tests.delivery.inbound import formats, letters
from tests.delivery.inbound.formats import Ours
from tests.delivery.inbound.replies import FULL, HARD, POLICY, REPLIES, SOFT, Said


class Sample(NamedTuple):
    """``make`` writes the mail to one of ours; ``gone``: its address gets nothing any more afterwards, and why."""

    name: str
    make: Callable[[Ours], bytes]
    kind: Kind
    cause: Cause | None = None
    gone: str = ""


def all_samples() -> list[Sample]:
    """Every sample, in a fixed order."""
    return [*_bounces(), *_warnings(), *_behind(), *_complaints(), *_automatic(), *_people()]


def _bounces() -> Iterator[Sample]:
    for said in REPLIES:
        yield _dsn("postfix", said, formats.postfix)
        yield _dsn("exim", said, formats.exim_report)
        yield _dsn("exchange", said, formats.exchange)
    for said in (*HARD[::3], *FULL[::3], *POLICY[::3], *SOFT[::4]):
        yield _dsn("exchange german", said, lambda ours, said: formats.exchange(ours, said, german=True))
        yield _dsn("gmail", said, formats.gmail)
    for said in (*HARD[8:15], *FULL[6:11], *POLICY[7:10]):
        yield _dsn("gmx", said, formats.gmx)
        yield _dsn("exim in words", said, formats.exim_words)
        yield _dsn("qmail", said, formats.qmail)
        yield _dsn("yahoo", said, formats.yahoo)
        yield _dsn("german words", said, formats.german_words)
    yield _dsn("postfix headers only", HARD[0], lambda ours, said: formats.postfix(ours, said, whole=False))


def _dsn(format_: str, said: Said, write: Callable[[Ours, Said], bytes]) -> Sample:
    gone = "bounce" if said.cause is Cause.HARD else ""
    return Sample(f"{format_}: {said.name}", lambda ours: write(ours, said), Kind.DSN, said.cause, gone)


def _warnings() -> Iterator[Sample]:
    waits = [SOFT[0], SOFT[6], POLICY[13], FULL[4]]
    for said in waits:
        writers: list[tuple[str, Callable[[Ours, Said], bytes]]] = [
            ("postfix waits", lambda ours, said: formats.postfix(ours, said, delayed=True)),
            ("exim waits", lambda ours, said: formats.exim_words(ours, said, delayed=True)),
            ("exchange waits", lambda ours, said: formats.exchange(ours, said, delayed=True)),
            ("exchange wartet", lambda ours, said: formats.exchange(ours, said, delayed=True, german=True)),
        ]
        for name, write in writers:
            yield Sample(
                f"{name}: {said.name}", lambda ours, said=said, write=write: write(ours, said), Kind.DSN, Cause.DELAYED
            )


def _behind() -> Iterator[Sample]:
    """A role mailbox that several people read: one of them is gone, the others got the mail."""
    for said in (HARD[0], HARD[4], FULL[0], SOFT[0]):
        yield Sample(
            f"behind a mailbox, postfix: {said.name}",
            lambda ours, said=said: formats.postfix(ours, said, final="h.muster@extern.example"),
            Kind.DSN,
            Cause.FORWARDED,
        )
        yield Sample(
            f"behind a mailbox, exchange: {said.name}",
            lambda ours, said=said: formats.exchange(ours, said, final="frueher@amt.example"),
            Kind.DSN,
            Cause.FORWARDED,
        )


def _complaints() -> Iterator[Sample]:
    for agent in ("Yahoo!-Mail-Feedback", "ReturnPathFBL", "Fastmail", "XARF", "T-Online-FBL", "GMX-FBL"):
        for redacted in (True, False):
            yield Sample(
                f"complaint: {agent} {redacted}",
                lambda ours, agent=agent, redacted=redacted: letters.arf(ours, agent=agent, redacted=redacted),
                Kind.COMPLAINT,
                gone="complaint",
            )
    header = lambda ours: letters.arf(ours, agent="Comcast", header_only=True)  # noqa: E731
    yield Sample("complaint: header only", header, Kind.COMPLAINT, gone="complaint")
    yield Sample("complaint: junk report of Microsoft", letters.jmrp, Kind.COMPLAINT, gone="complaint")
    only_link = lambda ours: letters.jmrp(ours, return_path=False)  # noqa: E731
    yield Sample("complaint: what anybody can write who was forwarded the mail", only_link, Kind.COMPLAINT)
    for type_ in ("not-spam", "auth-failure"):
        yield Sample(
            f"no complaint: {type_}", lambda ours, t=type_: letters.arf(ours, agent="X", type_=t), Kind.AUTO_REPLY
        )


def _automatic() -> Iterator[Sample]:
    for subject, text, headers in (*letters.ABSENT, *letters.CHALLENGES):
        for envelope in (True, False):
            yield Sample(
                f"automatic: {subject} {envelope}",
                lambda ours, s=subject, t=text, h=headers, e=envelope: letters.absence(
                    ours, s, t, headers=h, to_envelope=e
                ),
                Kind.AUTO_REPLY,
            )
    yield Sample("receipt", letters.receipt, Kind.AUTO_REPLY)


def _people() -> Iterator[Sample]:
    for subject, text in letters.WISHES:
        yield Sample(
            f"wish: {subject}",
            lambda ours, s=subject, t=text: letters.written(ours, s, t + _quoted(ours)),
            Kind.UNSUBSCRIBE,
        )
    for name, headers in (("person", ""), ("Apple Mail", "Auto-Submitted: auto-replied\nX-Apple-Unsubscribe: true\n")):
        yield Sample(
            f"link: {name}",
            lambda ours, h=headers: letters.written(ours, f"unsubscribe {ours.unsubscribe}", "unsubscribe", headers=h),
            Kind.UNSUBSCRIBE,
        )
    for subject, text in letters.ANSWERS:
        yield Sample(
            f"answer: {subject}",
            lambda ours, s=subject, t=text: letters.written(ours, s, t + _quoted(ours)),
            Kind.REPLY,
        )


def _quoted(ours: Ours) -> str:
    return letters.QUOTED.format(token=ours.unsubscribe)
