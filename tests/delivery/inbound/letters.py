# ruff: noqa: E501  (mails are written as they come)
"""What else comes back: complaints of feedback loops, absence notes, receipts, questions of filters, and people."""

from tests.delivery.inbound.formats import Ours, _crlf, _qp, _word


def arf(
    ours: Ours,
    *,
    agent: str,
    type_: str = "abuse",
    redacted: bool = True,
    header_only: bool = False,
    envelope: bool = True,
) -> bytes:
    """A feedback report (RFC 5965) as Yahoo and others send it; the recipient is often made unreadable (RFC 6590).

    Without ``envelope`` it is what somebody can write who was only shown the mail.
    """
    sent_from = f"Original-Mail-From: <{ours.sender}>\n" if envelope else ""
    original = ours.header if header_only else ours.whole
    shown = (
        original.replace(f"To: {ours.to}", "To: undisclosed-recipients:;").replace(ours.to, "redacted")
        if redacted
        else original
    )
    return _crlf(
        f"From: {agent} Feedback Loop <feedback@arf.mail.example>\nTo: fbl@rundbrief.example\n"
        "Subject: FW: Was im Dezember ansteht\nMIME-Version: 1.0\nDate: Tue, 24 Nov 2026 12:00:00 +0000\n"
        'Content-Type: multipart/report; boundary="----=_Part_33_1"; report-type=feedback-report\n\n'
        "------=_Part_33_1\nContent-Type: text/plain; charset=us-ascii\n\nThis is an email abuse report for an email message "
        "received from IP 192.0.2.1\non Tue, 24 Nov 2026 10:00:04 +0000.\n\n------=_Part_33_1\n"
        f"Content-Type: message/feedback-report\n\nFeedback-Type: {type_}\nUser-Agent: {agent}/1.0\nVersion: 1\n"
        f"{sent_from}Arrival-Date: Tue, 24 Nov 2026 10:00:04 +0000\nReported-Domain: rundbrief.example\n"
        + ("" if redacted else f"Original-Rcpt-To: <{ours.to}>\n")
        + f"Source-IP: 192.0.2.1\n\n------=_Part_33_1\nContent-Type: {'text/rfc822-headers' if header_only else 'message/rfc822'}\n"
        f"Content-Disposition: inline\n\n{shown}\n------=_Part_33_1--\n"
    )


def jmrp(ours: Ours, *, return_path: bool = True) -> bytes:
    """Microsoft's Junk Mail Reporting: the mail itself as an attachment, with one field more."""
    path = f"Return-Path: {ours.sender}\n" if return_path else ""
    return _crlf(
        "From: staff@hotmail.com\nTo: fbl@rundbrief.example\nSubject: complaint about message from 192.0.2.1\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="jmrp-1"\n\n--jmrp-1\nContent-Type: message/rfc822\nContent-Disposition: inline\n\n'
        f"X-HmXmrOriginalRecipient: {ours.to}\nX-MS-Exchange-EOPDirect: true\n{path}{ours.whole}\n--jmrp-1--\n"
    )


def absence(
    ours: Ours, subject: str, text: str, *, headers: str = "Auto-Submitted: auto-replied\n", to_envelope: bool = True
) -> bytes:
    """A note that no person wrote at this moment."""
    to = ours.sender if to_envelope else "redaktion@rundbrief.example"
    return _crlf(
        f"Received: from mx1.amt.example\nFrom: Hans Muster <{ours.to}>\nTo: {to}\nSubject: {_word(subject)}\n"
        f"In-Reply-To: {ours.message_id}\nDate: Tue, 24 Nov 2026 10:00:08 +0100\nMessage-ID: <oof-1@amt.example>\n{headers}"
        "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"{_qp(text)}\n"
    )


def receipt(ours: Ours) -> bytes:
    """A receipt (RFC 8098)."""
    return _crlf(
        f"From: Hans Muster <{ours.to}>\nTo: {ours.sender}\nSubject: Gelesen: Was im Dezember ansteht\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="mdn-1"\n\n--mdn-1\n'
        "Content-Type: text/plain; charset=us-ascii\n\nIhre Nachricht wurde gelesen.\n\n--mdn-1\n"
        f"Content-Type: message/disposition-notification\n\nFinal-Recipient: rfc822;{ours.to}\n"
        f"Original-Message-ID: {ours.message_id}\nDisposition: automatic-action/MDN-sent-automatically; displayed\n\n--mdn-1--\n"
    )


def written(
    ours: Ours, subject: str, text: str, *, sender: str = "", to: str = "redaktion@rundbrief.example", headers: str = ""
) -> bytes:
    """What a person writes."""
    return _crlf(
        f"From: Cora Muster <{sender or ours.to}>\nTo: {to}\nSubject: {_word(subject)}\nIn-Reply-To: {ours.message_id}\n"
        f"References: {ours.message_id}\nDate: Tue, 24 Nov 2026 11:02:08 +0100\nMessage-ID: <CAF-{abs(hash(subject + text))}@amt.example>\n"
        f"{headers}MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
        f"{_qp(text)}\n"
    )


QUOTED = (
    "\n\nAm 24.11.26 um 10:00 schrieb Redaktion:\n> Guten Tag,\n> der Workshop am 8. Dezember ist voll.\n"
    "> Abmelden: http://rundbrief.example/newsletter/abmelden/{token}\n"
)
ABSENT = [
    ("Automatische Antwort: Was im Dezember ansteht", "Ich bin bis zum 4. Dezember nicht im Haus.", "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\n"),
    ("Automatic reply: Was im Dezember ansteht", "I am out of the office until 4 December.", "Auto-Submitted: auto-generated\nX-Auto-Response-Suppress: All\nX-MS-Exchange-Inbox-Rules-Loop: h@amt.example\n"),
    ("Abwesenheitsnotiz: Was im Dezember ansteht", "Ihre Mail wird nicht weitergeleitet. Das Postfach ist nicht besetzt.", "X-Auto-Response-Suppress: All\n"),
    ("Auto: Was im Dezember ansteht", "Ich habe Urlaub. Ihre Nachricht wird nicht gelesen.", "Auto-Submitted: auto-replied (vacation)\n"),
    ("Out of Office: Was im Dezember", "Back on Monday.", ""),
    ("Re: Was im Dezember ansteht", "Ich bin im Urlaub; in dringenden Fällen: 550 Kolleginnen.", "Auto-Submitted: auto-replied\nPrecedence: bulk\n"),
    ("Ihre Nachricht ist eingegangen [Ticket#2026112410]", "Vielen Dank, wir bearbeiten Ihr Anliegen.", "Precedence: bulk\nX-OTRS-Loop: poststelle@amt.example\nAuto-Submitted: auto-generated\n"),
    ("Eingangsbestätigung", "Ihre E-Mail ist bei der Poststelle eingegangen.", ""),
    ("Re: Was im Dezember ansteht", "Diese Adresse wird nicht mehr gelesen. Bitte schreiben Sie an poststelle@amt.example.", "X-Autoreply: yes\nPrecedence: junk\n"),
    ("AW: Was im Dezember ansteht", "Die Mitarbeiterin ist nicht mehr bei uns beschäftigt. Das Postfach wird gelöscht.", "X-Autorespond: yes\n"),
    ("Autoreply: mailbox unavailable in December", "550 is our room number, user unknown to be in.", "X-Autoresponder: 1\n"),
    ("Abwesend", "Ich bin abwesend.", "X-POST-MessageClass: 9; Autoresponder\n"),
    ("Re: Was im Dezember ansteht", "Vielen Dank für Ihre Nachricht.", "Return-Path: <>\n"),
    ("Nicht im Büro: Was im Dezember", "Ich lese meine E-Mails ab Montag.", ""),
]  # fmt: skip
CHALLENGES = [
    ("Please confirm your message", "Your message is held. Click the link to confirm that you are a person.", "Auto-Submitted: auto-replied\n"),
    ("Bitte bestätigen Sie Ihre E-Mail", "Ihre Nachricht wartet, bis Sie sie bestätigen.", ""),
    ("[Challenge] Was im Dezember ansteht", "Reply to this message to be let in.", "X-Delivery-Agent: TMDA/1.1.12\n"),
    ("Re: Was im Dezember ansteht", "This mailbox is protected by a challenge.", "X-Spam-Challenge: 1\nPrecedence: bulk\n"),
]  # fmt: skip
WISHES = [
    ("unsubscribe", ""), ("Abmelden", ""), ("Abmeldung Newsletter", "Guten Tag"), ("Re: Was im Dezember ansteht", "Bitte abmelden."),
    ("AW: Was im Dezember ansteht", "unsubscribe\n\nMit freundlichen Grüßen\nHans Muster"), ("Newsletter abbestellen", ""),
    ("Bitte austragen", ""),
]  # fmt: skip
ANSWERS = [
    ("Re: Was im Dezember ansteht", "Guten Tag,\n\nkönnen auch Nachbargemeinden teilnehmen? Wir möchten uns nicht abmelden.\n\nCora Muster"),
    ("AW: Was im Dezember ansteht", "Vielen Dank! Der Link zum Workshop liefert bei mir den Fehler 550."),
    ("Frage zur Projektlandkarte", "Ist das Vorhaben Wohngeld schon produktiv?"),
    ("Re: Was im Dezember ansteht", "Ich kann leider nicht, die Abmeldung vom Workshop schicke ich Ihnen noch."),
    ("Delivery of the new service", "Hello, when will the service be delivered? Our mailbox is full of questions."),
    ("Re: Zustellung", "Das Postfach der Kollegin ist voll, schicken Sie es bitte an mich."),
    ("WG: Was im Dezember ansteht", "Zur Kenntnis.\n\nVon: Redaktion\nAbmelden können Sie sich mit dem Link."),
]  # fmt: skip
