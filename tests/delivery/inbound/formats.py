# ruff: noqa: E501  (mails are written as they come)
"""How mail systems write what they return: one function per format, shaped after the real ones, with made-up names.

Each takes what was sent (``Ours``) and a reply, and gives the bytes of the mail that comes back.
"""

import base64
import quopri
from dataclasses import dataclass

from app.delivery.inbound.reading import Cause
from tests.delivery.inbound.replies import Said


@dataclass(frozen=True)
class Ours:
    """The mail that we sent: where it returns to, to whom it went, its Message-ID and its way out."""

    sender: str
    to: str
    message_id: str
    unsubscribe: str
    envid: str = ""

    @property
    def header(self) -> str:
        return (
            "Received: from rundbrief.example (localhost [127.0.0.1])\n\tby relay.example (Postfix) with ESMTPS id 4XyZ12\n"
            f"\tfor <{self.to}>; Tue, 24 Nov 2026 10:00:03 +0100 (CET)\n"
            f"From: Redaktion <redaktion@rundbrief.example>\nTo: {self.to}\nSubject: Was im Dezember ansteht\n"
            f"Message-ID: {self.message_id}\nDate: Tue, 24 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
            f"List-Unsubscribe: <http://rundbrief.example/newsletter/abmelden/{self.unsubscribe}>,\n"
            f" <mailto:bounces@rundbrief.example?subject=unsubscribe%20{self.unsubscribe}>\n"
            'Content-Type: multipart/alternative; boundary="inner-ours"\n'
        )

    @property
    def whole(self) -> str:
        return (
            self.header
            + "\n--inner-ours\nContent-Type: text/plain; charset=utf-8\n\nGuten Tag,\n\nder Workshop ist voll.\n"
            "--inner-ours\nContent-Type: text/html; charset=utf-8\n\n<p>Das Postfach ist voll von spam</p>\n--inner-ours--\n"
        )


def postfix(ours: Ours, said: Said, *, delayed: bool = False, final: str = "", whole: bool = True) -> bytes:
    """Postfix: three parts, also as a relay of ours that reports what a remote server said."""
    reply, final = said.reply.format(to=final or ours.to), final or ours.to
    notice = (
        "This is the mail system at host relay.example.\n\n####################################################\n"
        "# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #\n\n"
        "Your message could not be delivered for more than 4 hour(s).\nIt will be retried until it is 5 day(s) old.\n"
        if delayed
        else "This is the mail system at host relay.example.\n\nI'm sorry to have to inform you that your message could not\n"
        "be delivered to one or more recipients. It's attached below.\n\nFor further assistance, please send mail to postmaster.\n"
    )
    envid = f"Original-Envelope-Id: {ours.envid}\n" if ours.envid else ""
    original = ours.whole if whole else ours.header
    return _crlf(
        f"Return-Path: <>\nReceived: by relay.example (Postfix)\n\tid 5AbC34; Tue, 24 Nov 2026 10:00:04 +0100 (CET)\n"
        "Date: Tue, 24 Nov 2026 10:00:04 +0100 (CET)\nFrom: MAILER-DAEMON@relay.example (Mail Delivery System)\n"
        f"Subject: {'Delayed Mail (still being retried)' if delayed else 'Undelivered Mail Returned to Sender'}\n"
        f"To: {ours.sender}\nAuto-Submitted: auto-replied\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=delivery-status;\n\tboundary="4XyZ12.1732440004/relay.example"\n'
        "Message-Id: <20261124090004.5AbC34@relay.example>\n\nThis is a MIME-encapsulated message.\n\n"
        "--4XyZ12.1732440004/relay.example\nContent-Description: Notification\nContent-Type: text/plain; charset=utf-8\n\n"
        f"{notice}\n                   The mail system\n\n<{final}>: host mx1.amt.example[192.0.2.25] said: {reply}\n"
        "    (in reply to RCPT TO command)\n\n--4XyZ12.1732440004/relay.example\nContent-Description: Delivery report\n"
        f"Content-Type: message/delivery-status\n\nReporting-MTA: dns; relay.example\n{envid}X-Postfix-Queue-ID: 4XyZ12\n"
        f"X-Postfix-Sender: rfc822; {ours.sender}\nArrival-Date: Tue, 24 Nov 2026 10:00:03 +0100 (CET)\n\n"
        f"Final-Recipient: rfc822; {final}\nOriginal-Recipient: rfc822;{ours.to}\n"
        f"Action: {'delayed' if delayed else 'failed'}\nStatus: {said.status}\nRemote-MTA: dns; mx1.amt.example\n"
        f"Diagnostic-Code: smtp; {_folded(reply)}\n\n--4XyZ12.1732440004/relay.example\n"
        f"Content-Description: Undelivered Message{'' if whole else ' Headers'}\n"
        f"Content-Type: {'message/rfc822' if whole else 'text/rfc822-headers'}\n\nReturn-Path: <{ours.sender}>\n{original}\n"
        "--4XyZ12.1732440004/relay.example--\n"
    )


def exim_words(ours: Ours, said: Said, *, delayed: bool = False) -> bytes:
    """Exim before 4.82, and the many that still send words only."""
    reply = said.reply.format(to=ours.to)
    told = (
        "A message that you sent has not yet been delivered to one or more of its\nrecipients after more than 24 hours on the "
        "queue on mail.amt.example.\n\nThe address to which the message has not yet been delivered is:\n\n"
        f"  {ours.to}\n    Delay reason: {reply}\n\nNo action is required on your part. Delivery attempts will continue for\n"
        "some time, and this warning may be repeated at intervals.\n"
        if delayed
        else "A message that you sent could not be delivered to one or more of its\nrecipients. This is a permanent error. "
        f"The following address(es) failed:\n\n  {ours.to}\n    host mx1.amt.example [192.0.2.25]\n"
        f"    SMTP error from remote mail server after RCPT TO:<{ours.to}>:\n    {reply}\n"
    )
    subject = (
        "Warning: message 1tFoo-0001 delayed 24 hours"
        if delayed
        else "Mail delivery failed: returning message to sender"
    )
    return _crlf(
        f"Return-path: <>\nEnvelope-to: {ours.sender}\nReceived: from Debian-exim by mail.amt.example with local (Exim 4.96)\n"
        f"\tid 1tFoo-0002; Tue, 24 Nov 2026 10:00:09 +0100\n{'' if delayed else f'X-Failed-Recipients: {ours.to}' + chr(10)}"
        f"Auto-Submitted: auto-replied\nFrom: Mail Delivery System <Mailer-Daemon@mail.amt.example>\nTo: {ours.sender}\n"
        f"Subject: {subject}\nMessage-Id: <E1tFoo-0002@mail.amt.example>\nDate: Tue, 24 Nov 2026 10:00:09 +0100\n\n"
        f"This message was created automatically by mail delivery software.\n\n{told}\n"
        f"------ This is a copy of the message, including all the headers. ------\n\n{ours.whole}"
    )


def exim_report(ours: Ours, said: Said) -> bytes:
    """Exim of today: words, and a report that carries the reply."""
    reply = said.reply.format(to=ours.to)
    return _crlf(
        f"Return-path: <>\nX-Failed-Recipients: {ours.to}\nAuto-Submitted: auto-replied\n"
        f"From: Mail Delivery System <Mailer-Daemon@mail.amt.example>\nTo: {ours.sender}\nReferences: {ours.message_id}\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=1732440009-eximdsn-804289383\n"
        "MIME-Version: 1.0\nSubject: Mail delivery failed: returning message to sender\nDate: Tue, 24 Nov 2026 10:00:09 +0100\n\n"
        "--1732440009-eximdsn-804289383\nContent-type: text/plain; charset=utf-8\n\n"
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to "
        f"one or more of its\nrecipients. This is a permanent error. The following address(es) failed:\n\n  {ours.to}\n"
        f"    host mx1.amt.example [192.0.2.25]\n    SMTP error from remote mail server after RCPT TO:<{ours.to}>:\n    {reply}\n\n"
        "--1732440009-eximdsn-804289383\nContent-type: message/delivery-status\n\nReporting-MTA: dns; mail.amt.example\n\n"
        f"Action: failed\nFinal-Recipient: rfc822;{ours.to}\nStatus: {'4.0.0' if said.status[0] == '4' else '5.0.0'}\n"
        f"Remote-MTA: dns; mx1.amt.example\nDiagnostic-Code: smtp; {_folded(reply)}\n\n--1732440009-eximdsn-804289383\n"
        f"Content-type: message/rfc822\n\nReturn-path: <{ours.sender}>\n{ours.whole}\n--1732440009-eximdsn-804289383--\n"
    )


def exchange(ours: Ours, said: Said, *, german: bool = False, delayed: bool = False, final: str = "") -> bytes:
    """Exchange Online: words and markup in quoted-printable, a report, the header of the original."""
    final = final or ours.to
    reply = said.reply.format(to=final)
    if german:
        subject, title = (
            "Unzustellbar: Was im Dezember ansteht",
            f"Ihre Nachricht an {final} konnte nicht zugestellt werden.",
        )
        rest = "Diagnoseinformationen für Administratoren:\n\nGenerierender Server: AM0PR04MB1234.eurprd04.prod.outlook.com\n"
    else:
        subject, title = "Undeliverable: Was im Dezember ansteht", f"Your message to {final} couldn't be delivered."
        rest = (
            "Diagnostic information for administrators:\n\nGenerating server: AM0PR04MB1234.eurprd04.prod.outlook.com\n"
        )
    if delayed:
        subject = "Zustellung verzögert: Was im Dezember" if german else "Delivery delayed: Was im Dezember ansteht"
    words = (
        f"{title}\n\n{rest}\n{final}\nRemote server returned '{reply}'\n\nOriginal message headers:\n\n{ours.header}"
    )
    return _crlf(
        f"From: Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@amt.example>\nTo: <{ours.sender}>\n"
        "Date: Tue, 24 Nov 2026 09:00:06 +0000\nContent-Type: multipart/report; report-type=delivery-status;\n"
        '\tboundary="b44278a2-9d96-4fd5-bba1-efd949e0de68"\nX-MS-Exchange-Message-Is-Ndr:\nContent-Language: de-DE\n'
        f"Message-ID: <267295c3-c241-44d7@AM0PR04MB1234.eurprd04.prod.outlook.com>\nIn-Reply-To: {ours.message_id}\n"
        f"References: {ours.message_id}\nSubject: {_word(subject)}\nAuto-Submitted: auto-replied\nReturn-Path: <>\n"
        "X-MS-Exchange-Organization-SCL: -1\nMIME-Version: 1.0\n\n--b44278a2-9d96-4fd5-bba1-efd949e0de68\n"
        'Content-Type: multipart/alternative; differences=Content-Type;\n\tboundary="fa703e28-0970-4d04-880c-fa8365758880"\n\n'
        '--fa703e28-0970-4d04-880c-fa8365758880\nContent-Type: text/plain; charset="utf-8"\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{_qp(words)}\n"
        '--fa703e28-0970-4d04-880c-fa8365758880\nContent-Type: text/html; charset="utf-8"\n'
        f"Content-Transfer-Encoding: quoted-printable\n\n{_qp('<html><body><p>' + title + '</p></body></html>')}\n"
        "--fa703e28-0970-4d04-880c-fa8365758880--\n\n--b44278a2-9d96-4fd5-bba1-efd949e0de68\n"
        "Content-Type: message/delivery-status\n\nReporting-MTA: dns;AM0PR04MB1234.eurprd04.prod.outlook.com\n"
        "Received-From-MTA: dns;relay.example\nArrival-Date: Tue, 24 Nov 2026 09:00:04 +0000\n\n"
        f"Original-Recipient: rfc822;{ours.to}\nFinal-Recipient: rfc822;{final}\n"
        f"Action: {'delayed' if delayed else 'failed'}\nStatus: {said.status}\nDiagnostic-Code: smtp;{reply}\n"
        "X-Display-Name: Poststelle\n\n\n--b44278a2-9d96-4fd5-bba1-efd949e0de68\nContent-Type: message/rfc822\n\n"
        f"{ours.whole}\n--b44278a2-9d96-4fd5-bba1-efd949e0de68--\n"
    )


def gmail(ours: Ours, said: Said) -> bytes:
    """Gmail as the relay: words, markup and a picture, then the report."""
    reply = said.reply.format(to=ours.to)
    icon = base64.b64encode(bytes(range(256)) * 4).decode()
    heading = {Cause.HARD: "Address not found", Cause.FULL: "Recipient inbox full"}.get(
        said.cause, "Message not delivered"
    )
    return _crlf(
        f"Delivered-To: {ours.sender}\nReturn-Path: <>\nX-Google-Smtp-Source: AB8JxZpyjJw6VModoqNG8uS3\n"
        'Content-Type: multipart/report; boundary="00000000000060e6bd056cb28ae8"; report-type=delivery-status\n'
        f"From: Mail Delivery Subsystem <mailer-daemon@googlemail.com>\nTo: {ours.sender}\nAuto-Submitted: auto-replied\n"
        f"Subject: Delivery Status Notification (Failure)\nReferences: {ours.message_id}\nIn-Reply-To: {ours.message_id}\n"
        f"X-Failed-Recipients: {ours.to}\nMessage-ID: <5b027a05.1c69fb81.8cc56.0ad1.GMRIR@mx.google.com>\nMIME-Version: 1.0\n\n"
        '--00000000000060e6bd056cb28ae8\nContent-Type: multipart/related; boundary="00000000000060efe4056cb28ae9"\n\n'
        '--00000000000060efe4056cb28ae9\nContent-Type: multipart/alternative; boundary="00000000000060efec056cb28aea"\n\n'
        f'--00000000000060efec056cb28aea\nContent-Type: text/plain; charset="UTF-8"\n\n\n** {heading} **\n\n'
        f"Your message wasn't delivered to {ours.to}.\n\n\n\nThe response was:\n\n{reply}\n\n--00000000000060efec056cb28aea\n"
        f'Content-Type: text/html; charset="UTF-8"\n\n<html><head><style>* {{font-family:Roboto}}</style></head><body>{heading}'
        "</body></html>\n\n--00000000000060efec056cb28aea--\n--00000000000060efe4056cb28ae9\n"
        'Content-Type: image/png; name="icon.png"\nContent-Disposition: attachment; filename="icon.png"\n'
        f"Content-Transfer-Encoding: base64\nContent-ID: <icon.png>\n\n{icon}\n--00000000000060efe4056cb28ae9--\n"
        "--00000000000060e6bd056cb28ae8\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; googlemail.com\n"
        f"Arrival-Date: Tue, 24 Nov 2026 01:00:04 -0800 (PST)\nX-Original-Message-ID: {ours.message_id}\n\n"
        f"Final-Recipient: rfc822; {ours.to}\nAction: failed\nStatus: {said.status}\n"
        f"Remote-MTA: dns; mx1.amt.example. (192.0.2.25, the server for the domain amt.example.)\nDiagnostic-Code: smtp; {reply}\n"
        "Last-Attempt-Date: Tue, 24 Nov 2026 01:00:06 -0800 (PST)\n\n--00000000000060e6bd056cb28ae8\n"
        f"Content-Type: message/rfc822\n\n{ours.whole}\n--00000000000060e6bd056cb28ae8--\n"
    )


def gmx(ours: Ours, said: Said) -> bytes:
    """GMX, WEB.DE, IONOS: words only, and the header of the original at the end."""
    reply = said.reply.format(to=ours.to)
    return _crlf(
        "Return-Path: <>\nReceived: from mout-bounce.gmx.net ([212.227.15.44]) by mx.rundbrief.example with ESMTPS (Nemesis)\n"
        f"Date: Tue, 24 Nov 2026 10:00:11 +0100\nFrom: MAILER-DAEMON@gmx.net\nTo: {ours.sender}\n"
        "Subject: Mail delivery failed: returning message to sender\nMIME-Version: 1.0\n"
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\nX-UI-Out-Filterresults: unknown:0;\n\n"
        "This message was created automatically by mail delivery software.\n\nA message that you sent could not be delivered to "
        f"one or more of\nits recipients. This is a permanent error. The following address\nfailed:\n\n{ours.to}:\n"
        f"SMTP error from remote server for RCPT TO command, host: mx1.amt.example (192.0.2.25) reason: {reply}\n\n\n"
        f"--- The header of the original message is following. ---\n\n{ours.header}\n"
    )


def yahoo(ours: Ours, said: Said) -> bytes:
    """Yahoo and AOL, as they return what their own queue could not deliver."""
    reply = said.reply.format(to=ours.to)
    return _crlf(
        f"From: MAILER-DAEMON@yahoo.com\nTo: {ours.sender}\nSubject: Failure Notice\nDate: 24 Nov 2026 09:00:15 -0000\n"
        "Return-Path: <>\n\nSorry, we were unable to deliver your message to the following address.\n\n"
        f"<{ours.to}>:\n{_code_first(reply)}\n\n--- Below this line is a copy of the message.\n\n{ours.whole}"
    )


def qmail(ours: Ours, said: Said) -> bytes:
    """qmail, whose notice begins with a greeting (QSBMF)."""
    reply = said.reply.format(to=ours.to)
    return _crlf(
        f"Return-Path: <>\nFrom: MAILER-DAEMON@mail.amt.example\nTo: {ours.sender}\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mail.amt.example.\nI'm afraid I wasn't able to deliver your message to the "
        "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{ours.to}>:\n192.0.2.25 does not like recipient.\nRemote host said: {reply}\nGiving up on 192.0.2.25.\n\n"
        f"--- Below this line is a copy of the message.\n\nReturn-Path: <{ours.sender}>\n{ours.whole}"
    )


def german_words(ours: Ours, said: Said) -> bytes:
    """A gateway that writes German to people."""
    reply = said.reply.format(to=ours.to)
    return _crlf(
        f"Return-Path: <>\nFrom: Postmaster <postmaster@mail.amt.example>\nTo: {ours.sender}\n"
        f"Subject: {_word('Nachricht nicht zustellbar')}\nMIME-Version: 1.0\nAuto-Submitted: auto-generated\n"
        "Content-Type: text/plain; charset=iso-8859-15\nContent-Transfer-Encoding: quoted-printable\n\n"
        + _qp(
            f"Sehr geehrte Damen und Herren,\n\nIhre E-Mail an {ours.to} konnte endgültig nicht zugestellt werden.\n"
            f"Der Mailserver des Empfängers antwortete:\n\n{reply}\n\n-------- Ursprüngliche Nachricht --------\n{ours.header}",
            "iso-8859-15",
        )
        + "\n"
    )


def _folded(reply: str) -> str:
    return reply.replace(" 550-", "\n    550-").replace(" For ", "\n    For ")


def _code_first(reply: str) -> str:
    code, _, rest = reply.partition(" ")
    return f"{code}: {rest}" if code.isdecimal() else reply


def _qp(text: str, charset: str = "utf-8") -> str:
    return quopri.encodestring(text.encode(charset)).decode("ascii")


def _word(text: str) -> str:
    return text if text.isascii() else "=?utf-8?B?" + base64.b64encode(text.encode()).decode() + "?="


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode()
