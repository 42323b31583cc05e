"""Link scanners, as they are: they open every link of every mail, many times, early and late, with every method that
changes nothing, under any name; and a person who comes between them needs one click."""

from itertools import chain, cycle, islice, product
from typing import Any, Final

from app.kernel.db import db
from tests.journeys.everything import ANNA, BERND, KINDS, MOVED, PROMISED, WAITING, kind, links, whole_story
from tests.subscriptions.story import OZG, link_in, links_of, states
from tests.support.dump import differences, dump
from tests.support.house import PUBLIC_URL, HeldClock
from tests.support.smtp import SmtpSink

REQUESTS: Final = {"sqlite": 10_000, "postgresql": 500}
METHODS: Final = ("GET", "HEAD", "OPTIONS")
FINE: Final = frozenset({200, 404, 410})
PERSONAL: Final = tuple(sorted({*PROMISED} - {"/termine/", "/meldungen/", "/newsletter/ausgaben/"}))
BUTTONS: Final = ("/newsletter/bestaetigen/", "/newsletter/abmelden/", "/newsletter/adresse/", "/redaktion/")
HEADERS: Final[tuple[dict[str, str], ...]] = (
    {},
    {"Purpose": "prefetch"},
    {"Sec-Purpose": "prefetch;prerender"},
    {"X-Moz": "prefetch"},
    {"X-Purpose": "preview", "User-Agent": "Mozilla/5.0 AppleWebKit/605.1.15 (KHTML, like Gecko)"},
    {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) BingPreview/1.0b"},
    {
        "User-Agent": "Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.1; Trident/6.0)",
        "Referer": "https://mail.example",
    },
    {"Range": "bytes=0-1023", "Accept": "*/*", "User-Agent": ""},
    {"X-HTTP-Method-Override": "POST", "List-Unsubscribe": "One-Click", "Accept-Language": "en"},
)
# From the first second to a month later, when most links have expired.
WAITS: Final = ({"seconds": 1}, {"minutes": 10}, {"hours": 8}, {"hours": 36}, {"days": 30})


def test_ten_thousand_requests_of_scanners_change_nothing_and_then_one_click_is_enough(
    saxony: Any, smtp: SmtpSink, clock: HeldClock, database: str
) -> None:
    whole_story(saxony, clock)
    assert {kind(mail) for mail in smtp.received} == KINDS
    paths = sorted({path for mail in smtp.received for path in links(mail, PUBLIC_URL)})
    assert [begin for begin in PROMISED if not any(path.startswith(begin) for path in paths)] == []
    before = _rows(saxony)
    rounds = [_requests(paths, number) for number in [REQUESTS[database] // len(WAITS)] * len(WAITS)]
    for wait, wanted in zip(WAITS[:-1], rounds, strict=False):
        clock.tick(**wait)
        assert _errors(saxony, wanted) == []
    assert differences(before, _rows(saxony)) == []

    _one_click_each(saxony, smtp)
    before = _rows(saxony)
    clock.tick(**WAITS[-1])
    assert _errors(saxony, rounds[-1]) == []
    assert differences(before, _rows(saxony)) == []
    assert sum(map(len, rounds)) == REQUESTS[database]


def _requests(paths: list[str], number: int) -> list[tuple[str, dict[str, str], str]]:
    """So many requests: each personal link in each way, all others too, then those with a button again and again."""
    personal = [path for path in paths if path.startswith(PERSONAL)]
    with_a_button = [path for path in paths if path.startswith(BUTTONS)]
    once = chain(product(METHODS, HEADERS, personal), product(METHODS, HEADERS[:1], paths))
    return list(islice(chain(once, cycle(product(METHODS, HEADERS, with_a_button))), number))


def _errors(app: Any, wanted: list[tuple[str, dict[str, str], str]]) -> list[str]:
    """What a scanner got that is neither a page nor the advice that a link has expired."""
    scanner = app.test_client()
    answers = [(scanner.open(path, method=method, headers=headers), method, path) for method, headers, path in wanted]
    return [f"{method} {path}: {got.status}" for got, method, path in answers if got.status_code not in FINE]


def _one_click_each(app: Any, smtp: SmtpSink) -> None:
    """One confirms, one leaves by the mail program, one confirms a move in both mailboxes: each with one click."""
    [asked] = smtp.to(WAITING)
    assert (
        "Ihre Anmeldung ist bestätigt"
        in app.test_client().submit(link_in(asked.body(), "bestaetigen"), follow=True).text
    )
    program = app.test_client(use_cookies=False)
    leave = links_of(app, BERND)[0]
    assert program.post(leave, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    for mailbox in (ANNA, MOVED):
        [mail] = [mail for mail in smtp.to(mailbox) if kind(mail) == "address"]
        assert app.test_client().submit(link_in(mail.body(), "adresse")).status_code == 303
    found = [states(app, address) for address in (WAITING, BERND, ANNA, MOVED)]
    assert found == [{OZG: "active"}, {OZG: "withdrawn"}, {}, {OZG: "active"}]


def _rows(app: Any) -> dict[str, Any]:
    with app.app_context():
        return dump(db.engine)
