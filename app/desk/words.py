"""How the audit log says in the reader's language what it holds in the words of the code."""

from typing import Any, Final

from app.kernel.i18n import lazy

_MADE, _EDITED, _PLANNED, _CHANGED = lazy("angelegt"), lazy("bearbeitet"), lazy("terminiert"), lazy("geändert")

VERBS: Final[dict[str, Any]] = {
    "announcement.discarded": lazy("verworfen"),
    "announcement.drafted": _MADE,
    "announcement.edited": _EDITED,
    "announcement.not_published": lazy("nicht veröffentlicht, die Freigabe passt nicht mehr"),
    "announcement.published": lazy("veröffentlicht"),
    "announcement.recalled": lazy("zurück in Bearbeitung genommen"),
    "announcement.scheduled": _PLANNED,
    "announcement.withdrawal_begun": lazy("Rücknahme begonnen"),
    "approval.approved": lazy("freigegeben"),
    "approval.rejected": lazy("nicht freigegeben"),
    "approval.submitted": lazy("zur Freigabe vorgelegt"),
    "approval.voided": lazy("Freigabe verfallen"),
    "at_once.prepared": lazy("Sofortmeldung vorbereitet"),
    "channel.added": _MADE,
    "channel.changed": _CHANGED,
    "channel.secret_renewed": lazy("Schlüssel erneuert"),
    "contribution.answered": lazy("beantwortet"),
    "contribution.published": lazy("veröffentlicht"),
    "contribution.refused": lazy("nicht veröffentlicht"),
    "delivery.resent": lazy("noch einmal versendet"),
    "dispatch.acknowledged": lazy("Rückmeldung erhalten"),
    "dispatch.failed": lazy("fehlgeschlagen"),
    "dispatch.retried": lazy("noch einmal versucht"),
    "dispatch.sent": lazy("versendet"),
    "event.change_discarded": lazy("Änderung verworfen"),
    "event.change_proposed": lazy("Änderung vorgeschlagen"),
    "event.drafted": _MADE,
    "event.online_url_changed": lazy("Link zur Teilnahme geändert"),
    "identity.changed": _CHANGED,
    "import.import_begun": lazy("Übernahme begonnen"),
    "import.import_discarded": lazy("verworfen"),
    "import.import_done": lazy("Übernahme abgeschlossen"),
    "import.list_handed_in": lazy("eingereicht"),
    "issue.cancelled": lazy("Versand abgebrochen"),
    "issue.drafted": _MADE,
    "issue.edited": _EDITED,
    "issue.held": lazy("angehalten"),
    "issue.resumed": lazy("fortgesetzt"),
    "issue.scheduled": _PLANNED,
    "issue.sent": lazy("versendet"),
    "issue.started": lazy("Versand begonnen"),
    "issue.tested": lazy("Testversand"),
    "issue.unscheduled": lazy("Termin aufgehoben"),
    "path.refused": lazy("Zugriff verweigert"),
    "project.described": lazy("beschrieben"),
    "reconfirmation.reconfirmation_begun": lazy("begonnen"),
    "reconfirmation.reconfirmation_finished": lazy("beendet"),
    "sending.held": lazy("angehalten"),
    "sending.released": lazy("fortgesetzt"),
    "subscriber.erased": lazy("Person gelöscht"),
    "subscription.withdrawn_by_staff": lazy("durch die Redaktion beendet"),
    "subscriptions.subscriptions_exported": lazy("exportiert"),
    "suppression.lifted": lazy("aufgehoben"),
    "user.activated": lazy("wieder aktiv"),
    "user.asked_for_reset": lazy("neues Passwort angefordert"),
    "user.changed": _CHANGED,
    "user.created": _MADE,
    "user.deactivated": lazy("deaktiviert"),
    "user.invited": lazy("eingeladen"),
    "user.locked_out": lazy("nach Fehlversuchen gesperrt"),
    "user.set_password": lazy("Passwort gesetzt"),
    "user.sign_in_failed": lazy("Anmeldung fehlgeschlagen"),
    "user.signed_in": lazy("angemeldet"),
    "welcome.edited": lazy("Begrüßung bearbeitet"),
    "welcome.reset": lazy("Begrüßung zurückgesetzt"),
}
"""What was done. A verb that does not name what it is about (``held``) has the kind of its subject before it."""

KINDS: Final[dict[str, Any]] = {
    "announcement": lazy("Meldung"),
    "channel": lazy("Infokanal"),
    "contribution": lazy("Beitrag"),
    "delivery": lazy("Zustellung"),
    "dispatch": lazy("Zustellung an einen Kanal"),
    "erasure": lazy("Löschung"),
    "event": lazy("Termin"),
    "identity": lazy("Angaben zum Herausgeber"),
    "import": lazy("Liste"),
    "issue": lazy("Ausgabe"),
    "newsletter": lazy("Newsletter"),
    "path": lazy("Seite"),
    "project": lazy("Vorhaben"),
    "reconfirmation": lazy("Rückfrage"),
    "sending": lazy("Versand"),
    "subscription": lazy("Abonnement"),
    "subscriptions": lazy("Abonnements"),
    "suppression": lazy("Sperre"),
    "user": lazy("Konto"),
}


def key_of(verb: str, subject: str) -> str:
    """Under which key ``VERBS`` holds what was done to this subject (``issue:12``)."""
    return verb if "." in verb else f"{subject.partition(':')[0]}.{verb}"


def act(verb: str, subject: str) -> str:
    """What was done, in words; what is not known stands as it is."""
    return str(VERBS.get(key_of(verb, subject), verb))


def thing(subject: str) -> str:
    """What it was done to, in words: ``Ausgabe 12``."""
    kind, _, rest = subject.partition(":")
    if kind not in KINDS:
        return subject
    return str(KINDS[kind]) if kind == "identity" else f"{KINDS[kind]} {thing(rest)}"


def meant(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """What somebody may look for who types these words: verbs with the kind they are said of, beginnings of subjects.

    The kind is empty where the verb says it.
    """
    sought = text.casefold()
    verbs = []
    for key, label in VERBS.items():
        kind, _, verb = key.partition(".")
        if sought in str(label).casefold():
            verbs += [("", key), (kind, verb)]
    begins = []
    for kind, label in KINDS.items():
        rest = sought.removeprefix(str(label).casefold())
        if rest != sought and rest[:1] in ("", " "):
            begins.append(f"{kind}:{rest.strip()}")
    return verbs, begins
