"""The table of hostile servers: what a server does, and what must become of the first mail and of the second.

``verbs`` is the dialogue as a client without pipelining has it, a text for each connection. ``ledger`` says what stands
in the ledger of both afterwards (state, tries, when the next is due), and ``then`` what the sender does next:

- ``done``: nothing is left to do
- ``retry``: the mail that was put off is tried again when it is due, with the same Message-ID
- ``hold``: the issue is held for a person; nothing more leaves until then
- ``ask``: the mail in doubt is named; it leaves again only if a person says so
- ``rest``: nothing leaves for ten seconds, by whatever mail; then all goes on, and nobody lost a try by that
"""

from dataclasses import dataclass, field

from app.delivery.rules import Answer, Stage
from tests.support.nasty import DROP, RESET, SILENT

CONNECT, MAIL, RCPT, DATA, DOT = Stage.CONNECT, Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT
FINE = Answer(DOT, 250, "2.0.0 accepted")
SEND = "MAIL RCPT DATA"
A_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Fate:
    """What stands in the ledger of one mail; ``wait``: how many seconds later it is due again, before the jitter."""

    state: str
    attempts: int
    wait: int = 0


WAITS = Fate("queued", 0)
TAKEN = Fate("accepted", 1)
LATER = Fate("deferred", 1, 60)
IN_HOURS = Fate("deferred", 1, 7200)  # a quota does not pass within minutes
REFUSED = Fate("failed", 1)
DOUBT = Fate("uncertain", 0)


@dataclass(frozen=True)
class Row:
    """``first`` and ``second``: stage, code (None: connection lost) and, unless lost, text; None: it waits, untried.

    ``down``: in these words the client says that the server lets nobody in. ``again``: what becomes of the first mail
    where PIPELINING is offered, because it looks as if that did not work, and all is tried once more step by step.
    ``on_its_way``: there, the second had left before the first was answered. ``taken``: whether the server has the
    first mail nevertheless (only it knows). ``large``: the mails have 8 MB, which no socket takes at once.
    """

    name: str
    script: dict[str, list[str]]
    first: Answer | None = FINE
    second: Answer | None = FINE
    verbs: tuple[str, ...] = ()
    ledger: tuple[Fate, Fate] = (TAKEN, TAKEN)
    then: str = "done"
    down: str = ""
    again: Answer | None = None
    on_its_way: bool = False
    taken: bool = False
    large: bool = False
    server: dict[str, object] = field(default_factory=dict)


def _lost(stage: Stage) -> Answer:
    return Answer(stage, None)


def _refused(name: str, stage: Stage, said: str, first: Fate, second: Fate, then: str) -> Row:
    """Refused at this stage: RSET, and the second goes its way over the same connection."""
    upto = {MAIL: "MAIL", RCPT: "MAIL RCPT", DATA: SEND, DOT: SEND}[stage]
    answer = Answer(stage, int(said[:3]), said[4:])
    verbs = (f"EHLO {upto} RSET {SEND} QUIT",)
    on_its_way = stage is DOT and second == WAITS
    script = {stage.value: [said]}
    return Row(name, script, answer, verbs=verbs, ledger=(first, second), then=then, on_its_way=on_its_way)


def _ended(name: str, stage: Stage, action: str, answer: Answer, **more: object) -> Row:
    """The connection ends at this stage: the second goes its way over a fresh one."""
    upto = {MAIL: "MAIL", RCPT: "MAIL RCPT", DATA: SEND, DOT: SEND}[stage]
    verbs = (f"EHLO {upto}", f"EHLO {SEND} QUIT")
    usual = {"ledger": (LATER, TAKEN), "then": "retry"}
    return Row(name, {stage.value: [action]}, answer, verbs=verbs, **usual | more)  # type: ignore[arg-type]


def _closed(name: str, script: dict[str, list[str]], down: str, *verbs: str) -> Row:
    """Nobody is let in: nothing is tried, nothing is to blame."""
    return Row(name, script, None, None, verbs=verbs, ledger=(WAITS, WAITS), then="rest", down=down)


_RESTS: dict[str, object] = {"ledger": (LATER, WAITS), "then": "rest"}
_DOUBT: dict[str, object] = {"ledger": (DOUBT, TAKEN), "then": "ask", "taken": True}
_LONG = "\r\n".join(f"250-2.1.5 {'x' * 490}" for _ in range(A_MEGABYTE // 500)) + "\r\n250 2.1.5 recipient ok"
_LONG_NO = "\r\n".join(f"550-5.1.1 {'x' * 490}" for _ in range(A_MEGABYTE // 500)) + "\r\n550 5.1.1 unknown"
_LONG_TEXT = " ".join(["5.1.1 " + "x" * 490] * 2)[:500]

ROWS = [
    # Nobody is let in.
    _closed("the greeting is 554", {"greeting": ["554 go away"]}, "554 go away"),
    _closed("the greeting is 421", {"greeting": ["421 4.3.2 closing"]}, "421 4.3.2 closing"),
    _closed("it hangs up instead of a greeting", {"greeting": [DROP]}, ""),
    _closed("it says nothing instead of a greeting", {"greeting": [SILENT]}, ""),
    _closed("EHLO gets 421", {"ehlo": ["421 4.3.2 closing"], "helo": ["421 4.3.2 closing"]}, "421 4.3.2 closing"),
    _closed("it hangs up at EHLO", {"ehlo": [DROP]}, "", "EHLO"),
    _closed(
        "EHLO and HELO are refused",
        {"ehlo": ["502 no"], "helo": ["550 5.7.1 not you"]},
        "550 5.7.1 not you",
        "EHLO HELO",
    ),
    _closed(
        "STARTTLS is offered and refused",
        {"starttls": ["454 4.7.0 TLS not available"]},
        "454 4.7.0 TLS not available",
        "EHLO STARTTLS",
    ),
    Row("EHLO is refused, HELO is not", {"ehlo": ["502 5.5.1 no"]}, verbs=(f"EHLO HELO {SEND} {SEND} QUIT",)),
    # 421 at each stage.
    _ended("421 at MAIL", MAIL, "421 4.7.0 slow down", Answer(MAIL, 421, "4.7.0 slow down"), **_RESTS),
    _ended("421 at RCPT", RCPT, "421 4.7.0 slow down", Answer(RCPT, 421, "4.7.0 slow down"), **_RESTS),
    _ended("421 at DATA", DATA, "421 4.3.2 closing", Answer(DATA, 421, "4.3.2 closing"), **_RESTS),
    _ended("421 at the dot", DOT, "421 4.3.2 closing", Answer(DOT, 421, "4.3.2 closing"), **_RESTS),
    Row(
        "421 at the second MAIL: this connection has had its number of mails",
        {"mail": ["250 ok", "421 4.4.2 too many messages on this connection"]},
        verbs=(f"EHLO {SEND} MAIL", f"EHLO {SEND} QUIT"),
    ),
    Row(
        "421 at the second MAIL: we are too fast",
        {"mail": ["250 ok", "421 4.7.0 rate limited"]},
        second=Answer(MAIL, 421, "4.7.0 rate limited"),
        verbs=(f"EHLO {SEND} MAIL",),
        ledger=(TAKEN, LATER),
        then="rest",
    ),
    Row(
        "it hangs up at the second MAIL",
        {"mail": ["250 ok", DROP]},
        verbs=(f"EHLO {SEND} MAIL", f"EHLO {SEND} QUIT"),
    ),
    # Refusals.
    _refused("MAIL is put off", MAIL, "451 4.3.0 later", LATER, TAKEN, "retry"),
    _refused("MAIL gets a quota", MAIL, "452 4.5.3 quota exceeded", IN_HOURS, TAKEN, "retry"),
    _refused("MAIL is refused", MAIL, "550 5.7.1 sender refused", LATER, WAITS, "hold"),
    _refused("RCPT is greylisted", RCPT, "450 4.2.1 greylisted", LATER, TAKEN, "retry"),
    _refused("RCPT gets a quota", RCPT, "452 4.2.2 quota exceeded", IN_HOURS, TAKEN, "retry"),
    _refused("RCPT is unknown", RCPT, "550 5.1.1 unknown", REFUSED, TAKEN, "done"),
    _refused("RCPT is refused by policy", RCPT, "554 5.7.1 blocked", LATER, WAITS, "hold"),
    _refused("RCPT is one too many", RCPT, "552 too many recipients", IN_HOURS, TAKEN, "retry"),
    _refused("DATA is put off", DATA, "451 4.3.0 later", LATER, TAKEN, "retry"),
    _refused("DATA is refused", DATA, "554 5.5.0 no", LATER, WAITS, "hold"),
    _refused("the dot is put off", DOT, "451 4.3.0 later", LATER, TAKEN, "retry"),
    _refused("the dot gets a quota", DOT, "452 4.3.1 out of disk", IN_HOURS, TAKEN, "retry"),
    _refused("the dot is refused for its size", DOT, "552 5.3.4 too big", LATER, WAITS, "hold"),
    _refused("the dot is refused", DOT, "554 5.6.0 content", LATER, WAITS, "hold"),
    # What comes after a refusal (Strato, listmonk#1073).
    Row(
        "450, and RSET is refused",
        {"rcpt": ["450 4.7.0 rate limit"], "rset": ["502 5.5.1 no RSET"]},
        Answer(RCPT, 450, "4.7.0 rate limit"),
        ledger=(LATER, TAKEN),
        then="retry",
        verbs=("EHLO MAIL RCPT RSET QUIT", f"EHLO {SEND} QUIT"),
    ),
    Row(
        "450, and it hangs up at RSET",
        {"rcpt": ["450 4.7.0 rate limit"], "rset": [DROP]},
        Answer(RCPT, 450, "4.7.0 rate limit"),
        ledger=(LATER, TAKEN),
        then="retry",
        verbs=("EHLO MAIL RCPT RSET", f"EHLO {SEND} QUIT"),
    ),
    Row(
        "450, RSET is answered, and the next MAIL gets 503",
        {"rcpt": ["450 4.7.0 rate limit"]},
        Answer(RCPT, 450, "4.7.0 rate limit"),
        ledger=(LATER, TAKEN),
        then="retry",
        verbs=("EHLO MAIL RCPT RSET MAIL", f"EHLO {SEND} QUIT"),
        server={"sulks_after_450": True},
    ),
    # Connections that are lost.
    _ended("it hangs up at MAIL", MAIL, DROP, _lost(MAIL)),
    _ended("it hangs up at RCPT", RCPT, DROP, _lost(RCPT)),
    _ended("it resets the connection at RCPT", RCPT, RESET, _lost(RCPT)),
    _ended("it hangs up at DATA", DATA, DROP, _lost(DATA)),
    _ended("it hangs up after the dot", DOT, DROP, _lost(DOT), **_DOUBT),
    _ended("it resets the connection after the dot", DOT, RESET, _lost(DOT), **_DOUBT),
    Row(
        "it hangs up within the mail",
        {"content": ["after 1000 drop"]},
        _lost(DATA),
        verbs=(f"EHLO {SEND}", f"EHLO {SEND} QUIT"),
        ledger=(LATER, TAKEN),
        then="retry",
        large=True,
    ),
    Row(
        "it hangs up when all but the last octet of the dot is there",
        {"content": ["after 48 drop"]},
        _lost(DOT),
        verbs=(f"EHLO {SEND}", f"EHLO {SEND} QUIT"),
        ledger=(DOUBT, TAKEN),
        then="ask",
    ),
    Row(
        "it refuses within the mail and hangs up",
        {"content": ["after 1000 552 5.3.4 too big"]},
        Answer(DATA, 552, "5.3.4 too big"),
        verbs=(f"EHLO {SEND}", f"EHLO {SEND} QUIT"),
        ledger=(LATER, WAITS),
        then="hold",
        large=True,
    ),
    # Silence.
    _ended("it says nothing at MAIL", MAIL, SILENT, _lost(MAIL), again=FINE),
    _ended("it says nothing at RCPT", RCPT, SILENT, _lost(RCPT), again=FINE),
    _ended("it says nothing at DATA", DATA, SILENT, _lost(DATA), again=FINE),
    _ended("it says nothing at the dot", DOT, SILENT, _lost(DOT), **_DOUBT),
    # Replies out of the ordinary.
    Row("its replies come byte by byte", {}, verbs=(f"EHLO {SEND} {SEND} QUIT",), server={"bytewise": True}),
    Row("it welcomes a recipient with a megabyte", {"rcpt": [_LONG]}, verbs=(f"EHLO {SEND} {SEND} QUIT",)),
    Row(
        "it refuses a recipient with a megabyte",
        {"rcpt": [_LONG_NO]},
        Answer(RCPT, 550, _LONG_TEXT),
        ledger=(REFUSED, TAKEN),
        verbs=(f"EHLO MAIL RCPT RSET {SEND} QUIT",),
    ),
    _ended("it speaks no SMTP", MAIL, "HTTP/1.1 400 Bad Request", _lost(MAIL)),
    _ended("its line has no end", RCPT, "250 " + "x" * 20_000, _lost(RCPT)),
    _ended("it answers with a code that does not exist", RCPT, "999 what", _lost(RCPT)),
    _ended("it answers DATA with 250", DATA, "250 ok", Answer(DATA, 250, "ok"), again=FINE),
    _ended("it answers the dot with 354", DOT, "354 more", _lost(DOT), ledger=(DOUBT, TAKEN), then="ask"),
]
