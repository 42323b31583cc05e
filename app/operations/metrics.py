"""Figures for Prometheus: what is owed, what became of it, whether somebody sends. No address, no name, no content."""

import time
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final

from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily

from app import delivery, newsletter
from app.delivery import Circuit, Life, Outgoing, State
from app.kernel import clock, jobs
from app.newsletter import IssueState

SHARE: Final = 20  # the ledger is counted again after twenty times as long as it took: a twentieth of a core at most
AT_LEAST: Final = 10.0  # seconds
# How the states of the ledger are called here; what is waiting for its first try is owed.
NAMES: Final = {State.QUEUED: "owed", State.FAILED: "refused"}
WINDOWS: Final = {timedelta(hours=1): "hour", timedelta(days=1): "day"}
STATES: Final = ("owed", "deferred", "accepted", "refused", "skipped", "uncertain")


class _Ledger:
    """The ledger in figures, counted no more often than it may cost."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._due = 0.0
        self._found: tuple[list[Outgoing], float] = ([], 0.0)

    def figures(self) -> tuple[list[Outgoing], float]:
        """The figures, and when they were counted, in seconds since 1970."""
        with self._lock:
            begun = time.monotonic()
            if begun >= self._due:
                self._found = delivery.outgoing(), clock.now().timestamp()
                took = time.monotonic() - begun
                self._due = begun + max(AT_LEAST, SHARE * took)
            return self._found


class Collector:
    """Asks the database when it is asked itself. One per application; who calls holds the transaction."""

    def __init__(self) -> None:
        self._ledger = _Ledger()

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Nothing beforehand: registering it asks no database."""
        return ()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """All figures, by the naming rules of Prometheus."""
        yield from self._deliveries()
        yield from _waiting()
        yield from _ways()
        yield from _returned()
        yield from _preparation()
        yield from _jobs()

    def _deliveries(self) -> Iterator[GaugeMetricFamily]:
        found, counted_at = self._ledger.figures()
        counts = _gauge("deliveries", "Deliveries in the ledger by state.", ["transport", "kind", "state"])
        prepared = _gauge(
            "deliveries_prepared", "Deliveries that were prepared: the sum of all states.", ["transport", "kind"]
        )
        for kind in found:
            named = {NAMES.get(state, state.value): count for state, count in kind.states.items()}
            for state in STATES:
                counts.add_metric([kind.way, kind.kind, state], named.get(state, 0))
            prepared.add_metric([kind.way, kind.kind], kind.prepared)
        yield counts
        yield prepared
        yield _one("ledger_counted_timestamp_seconds", "When the deliveries were counted.", counted_at)


def registry() -> CollectorRegistry:
    """A registry with our figures and nothing else."""
    made = CollectorRegistry(auto_describe=False)
    made.register(Collector())
    return made


def _waiting() -> Iterator[GaugeMetricFamily]:
    queue = delivery.queue()
    age = "Age of the single mail that waits longest, from the moment it was owed; 0 if none waits."
    yield _one("single_mail_oldest_waiting_seconds", age, _since(queue.oldest_single_at))
    idle = _gauge(
        "queue_idle_seconds", "How long mails have been due, not held, and nobody has taken any; 0 if none.", ["lane"]
    )
    idle.add_metric(["single"], _since(queue.single_idle_since))
    idle.add_metric(["issue"], _since(queue.issue_idle_since))
    yield idle
    deferred = _gauge("deliveries_deferred", "Deliveries that wait for another try, by reason.", ["reason"])
    for reason, count in queue.deferred.items():
        deferred.add_metric([reason.value], count)
    yield deferred
    lives = _gauge("senders", "Sending processes: alive here, alive elsewhere, or dead and not taken over.", ["state"])
    for life in Life:
        lives.add_metric([life.value], queue.lives.get(life, 0))
    yield lives
    beat = "When a sending process was last heard of; 0 if none sends."
    yield _one("sender_last_beat_timestamp_seconds", beat, queue.beat_at.timestamp() if queue.beat_at else 0)
    yield _one("sending_locked", "1 while no mail may leave, because the publisher is not described.", queue.is_locked)


def _ways() -> Iterator[GaugeMetricFamily]:
    states = _gauge("transport_state", "The circuit breaker of each way out: 1 for its state.", ["transport", "state"])
    failures = _gauge("transport_failures", "Runs in a row that the server refused.", ["transport"])
    rests = _gauge("transport_rests_until_timestamp_seconds", "Until when it rests; 0 if it does not.", ["transport"])
    since = _gauge("transport_troubled_since_timestamp_seconds", "Since when it is troubled, or 0.", ["transport"])
    ratio = _gauge("transport_pace_ratio", "Share of SEND_RATE that the server lets us use.", ["transport"])
    used = _gauge("transport_last_used_timestamp_seconds", "When mails were last taken for it.", ["transport"])
    sent = _gauge("transport_window_sent", "Mails in the present window of a limit.", ["transport", "window"])
    for way in delivery.ways():
        for circuit in Circuit:
            states.add_metric([way.name, circuit.value], way.circuit is circuit)
        failures.add_metric([way.name], way.failures)
        rests.add_metric([way.name], way.rests_until.timestamp() if way.rests_until else 0)
        since.add_metric([way.name], way.troubled_since.timestamp() if way.troubled_since else 0)
        ratio.add_metric([way.name], way.factor)
        used.add_metric([way.name], way.used_at.timestamp() if way.used_at else 0)
        for window in way.windows:
            sent.add_metric([way.name, WINDOWS[window.length]], window.sent_by(clock.now()))
    yield from (states, failures, rests, since, ratio, used, sent)


def _returned() -> Iterator[GaugeMetricFamily]:
    mails = _gauge("returned_mails", "Mails that came back, by what they were and why.", ["kind", "cause"])
    for kind, cause, count in delivery.returned_counts():
        mails.add_metric([kind, cause or "none"], count)
    stopped = _gauge("suppressed_addresses", "Addresses that get nothing any more, by reason.", ["reason"])
    for reason, count in delivery.suppressed_counts():
        stopped.add_metric([reason], count)
    yield from (mails, stopped)


def _preparation() -> Iterator[GaugeMetricFamily]:
    states = _gauge("issues", "Issues by state.", ["state"])
    counts = newsletter.count_by_state()
    for state in IssueState:
        states.add_metric([state.value], counts.get(state, 0))
    yield states
    overdue = "How long ago the oldest issue should have begun that is not prepared yet; 0 if none."
    yield _one("issue_preparation_overdue_seconds", overdue, _since(newsletter.overdue_since()))


def _jobs() -> Iterator[GaugeMetricFamily]:
    last = _gauge("job_last_run_timestamp_seconds", "When a job ran last; written down once a minute.", ["job"])
    took = _gauge("job_duration_seconds", "How long that run took.", ["job"])
    failures = _gauge("job_failures", "How often in a row a job has failed.", ["job"])
    for run in jobs.runs():
        last.add_metric([run.name], run.at.timestamp())
        took.add_metric([run.name], run.seconds)
        failures.add_metric([run.name], run.failures)
    yield from (last, took, failures)


def _gauge(name: str, said: str, labels: list[str]) -> Any:
    return GaugeMetricFamily(f"rundbrief_{name}", said, labels=labels)


def _one(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"rundbrief_{name}", said, value=float(value))


def _since(moment: datetime | None) -> float:
    return max(0.0, (clock.now() - moment).total_seconds()) if moment is not None else 0.0
