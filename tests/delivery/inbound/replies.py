# ruff: noqa: E501  (mails are written as they come)
"""What mail servers answer when they do not take a mail, as the large ones word it, and what it means.

``{to}`` is the recipient. The sentences are shaped after what Postfix, Exim, Exchange Online, Gmail, GMX and WEB.DE,
Yahoo and T-Online say; hosts and numbers are made up.
"""

from typing import NamedTuple

from app.delivery.inbound.reading import Cause


class Said(NamedTuple):
    """A server's reply, the status that a report gives with it, and its cause."""

    name: str
    reply: str
    status: str
    cause: Cause


HARD = [
    Said("postfix unknown", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in virtual mailbox table", "5.1.1", Cause.HARD),
    Said("postfix relay unknown", "550 5.1.1 <{to}>: Recipient address rejected: User unknown in relay recipient table", "5.1.1", Cause.HARD),
    Said("gmail unknown", "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address for typos or 550-5.1.1 unnecessary spaces. For more information, go to 550 5.1.1  https://support.google.com/mail/?p=NoSuchUser 4fb4d7f45d1cf-5cfcb3f6f7esi1 - gsmtp", "5.1.1", Cause.HARD),
    Said("gmail disabled", "550-5.2.1 The email account that you tried to reach is inactive. For more information, go to 550 5.2.1  https://support.google.com/mail/?p=DisabledUser a640c23a62f3a - gsmtp", "5.2.1", Cause.HARD),
    Said("exchange not found", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient {to} not found by SMTP address lookup", "5.1.10", Cause.HARD),
    Said("exchange directory", "550 5.4.1 Recipient address rejected: Access denied. [AM4PEPF00027A63.eurprd04.prod.outlook.com 2026-11-24T09:01:02.123Z 08DD0C0FFEE]", "5.4.1", Cause.HARD),
    Said("exchange on premises", "550 5.1.1 RESOLVER.ADR.ExRecipNotFound; not found", "5.1.1", Cause.HARD),
    Said("outlook.com", "550 5.5.0 Requested action not taken: mailbox unavailable (S2017062302). [DB5EUR03FT012.eop-EUR03.prod.protection.outlook.com]", "5.5.0", Cause.HARD),
    Said("gmx unavailable", "550 Requested action not taken: mailbox unavailable", "5.0.0", Cause.HARD),
    Said("web.de unknown", "550 <{to}>: Benutzer nicht bekannt/User unknown", "5.0.0", Cause.HARD),
    Said("yahoo no account", "554 delivery error: dd This user doesn't have a yahoo.de account ({to}) [0] - mtaproxy301.free.mail.bf1.yahoo.com", "5.0.0", Cause.HARD),
    Said("yahoo not found", "552 1 Requested mail action aborted, mailbox not found", "5.0.0", Cause.HARD),
    Said("yahoo discontinued", "554 delivery error: dd Sorry your message to {to} cannot be delivered. This account has been disabled or discontinued [#102].", "5.0.0", Cause.HARD),
    Said("t-online unknown", "550 5.1.1 user unknown", "5.1.1", Cause.HARD),
    Said("t-online words", "550-5.1.1 unknown user 550 {to}", "5.1.1", Cause.HARD),
    Said("exim unrouteable", "550 Unrouteable address", "5.0.0", Cause.HARD),
    Said("exim callout", "550-Callout verification failed: 550 550 5.1.1 <{to}> User unknown", "5.1.1", Cause.HARD),
    Said("ironport", "550 #5.1.0 Address rejected.", "5.1.0", Cause.HARD),
    Said("icloud", "550 5.1.1 unknown or illegal alias: {to}", "5.1.1", Cause.HARD),
    Said("domino", "550 {to}... No such user", "5.0.0", Cause.HARD),
    Said("domino german", "550 5.1.1 Benutzer (Hans Muster) nicht im Domino-Verzeichnis gefunden", "5.1.1", Cause.HARD),
    Said("german words", "550 Unbekannter Empfänger, dieses Postfach existiert nicht", "5.0.0", Cause.HARD),
    Said("bad domain", "550 5.1.2 <{to}>: Recipient address rejected: Domain not found", "5.1.2", Cause.HARD),
    Said("null mx", "556 5.1.10 <{to}>: Recipient address rejected: Domain amt.example does not accept mail (nullMX)", "5.1.10", Cause.HARD),
    Said("moved", "550 5.1.6 Recipient no longer on server: {to}", "5.1.6", Cause.HARD),
    Said("disabled", "550 5.7.13 User account is disabled", "5.7.13", Cause.HARD),
]  # fmt: skip
FULL = [
    Said("t-online quota", "552 5.2.2 Over STORAGE quota", "5.2.2", Cause.FULL),
    Said("gmail quota", "452-4.2.2 The recipient's inbox is out of storage space. Please direct the 452-4.2.2 recipient to 452 4.2.2  https://support.google.com/mail/?p=OverQuotaTemp 98e67ed59e1d1 - gsmtp", "4.2.2", Cause.FULL),
    Said("gmail quota for good", "552-5.2.2 The recipient's inbox is out of storage space and inactive. Please 552-5.2.2 direct the recipient to 552 5.2.2  https://support.google.com/mail/?p=OverQuotaPerm - gsmtp", "5.2.2", Cause.FULL),
    Said("postfix quota", "552 5.2.2 <{to}>: Quota exceeded (mailbox for user is full)", "5.2.2", Cause.FULL),
    Said("dovecot", "452 4.2.2 <{to}> Quota exceeded (mailbox for user is full)", "4.2.2", Cause.FULL),
    Said("exchange quota", "554 5.2.2 mailbox full; STOREDRV.Deliver.Exception:QuotaExceededException.MapiExceptionShutoffQuotaExceeded", "5.2.2", Cause.FULL),
    Said("web.de storage", "550 Benutzer hat das Speichervolumen ueberschritten. / User has exhausted allowed storage space.", "5.0.0", Cause.FULL),
    Said("web.de count", "550 Benutzer hat zuviele Mails auf dem Server. / User has too many messages on the server.", "5.0.0", Cause.FULL),
    Said("gmx quota", "552 Requested mail action aborted: exceeded storage allocation. Quota exceeded. The recipient's mailbox is full", "5.0.0", Cause.FULL),
    Said("german full", "552 Das Postfach des Empfängers ist voll", "5.0.0", Cause.FULL),
    Said("yahoo quota", "554 delivery error: dd This user's mailbox is over quota ({to})", "5.0.0", Cause.FULL),
    Said("hard code, full words", "550 5.2.1 <{to}>: mailbox exceeded its quota", "5.2.1", Cause.FULL),
]  # fmt: skip
SOFT = [
    Said("timeout", "connect to mx1.amt.example[192.0.2.25]:25: Connection timed out", "4.4.1", Cause.SOFT),
    Said("refused", "connect to mx1.amt.example[192.0.2.25]:25: Connection refused", "4.4.1", Cause.SOFT),
    Said("name service", "Host or domain name not found. Name service error for name=amt.example type=MX: Host not found, try again", "4.4.3", Cause.SOFT),
    Said("no host", "Host or domain name not found. Name service error for name=mx1.amt.example type=A: Host not found", "5.4.4", Cause.SOFT),
    Said("expired", "550 4.4.7 QUEUE.Expired; message expired", "4.4.7", Cause.SOFT),
    Said("exchange connection", "550 5.4.316 Message expired, connection refused(Socket error code 10061)", "5.4.316", Cause.SOFT),
    Said("lookup", "451 4.3.0 <{to}>: Temporary lookup failure", "4.3.0", Cause.SOFT),
    Said("not accepting", "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded", "4.3.2", Cause.SOFT),
    Said("loop", "554 5.4.14 Hop count exceeded - possible mail loop ATTR34 [DB1PEPF0003922D.eurprd03.prod.outlook.com]", "5.4.14", Cause.SOFT),
    Said("too fast", "450-4.2.1 The user you are trying to contact is receiving mail at a rate that 450-4.2.1 prevents additional messages from being delivered. - gsmtp", "4.2.1", Cause.SOFT),
    Said("too fast for good", "550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages from being delivered.", "5.2.1", Cause.SOFT),
    Said("unexplained", "554 Transaction failed", "5.0.0", Cause.SOFT),
]  # fmt: skip
POLICY = [
    Said("t-online reputation", "554 IP=192.0.2.1 - A problem occurred. (Ask your postmaster for help or to contact tosa@rx.t-online.de to clarify.)", "5.0.0", Cause.POLICY),
    Said("outlook.com block list", "550 5.7.1 Unfortunately, messages from [192.0.2.1] weren't sent. Please contact your Internet service provider since part of their network is on our block list (S3140).", "5.7.1", Cause.POLICY),
    Said("outlook.com level", "550 5.7.515 Access denied, sending domain RUNDBRIEF.EXAMPLE doesn't meet the required authentication level.", "5.7.515", Cause.POLICY),
    Said("gmail unauthenticated", "550-5.7.26 Your email has been blocked because the sender is unauthenticated. 550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM. - gsmtp", "5.7.26", Cause.POLICY),
    Said("gmail reputation", "421-4.7.0 Our system has detected an unusual rate of unsolicited mail originating from your IP address. - gsmtp", "4.7.0", Cause.POLICY),
    Said("yahoo policy", "554 5.7.9 Message not accepted for policy reasons. See https://postmaster.yahooinc.com/error-codes", "5.7.9", Cause.POLICY),
    Said("yahoo volume", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred due to unexpected volume or user complaints - 4.16.55.1; see https://postmaster.yahooinc.com/error-codes", "4.7.0", Cause.POLICY),
    Said("gmx block list", "554-No SMTP service 554-IP address is block listed. 554 For explanation visit https://postmaster.gmx.net/en/case?c=r0201", "5.0.0", Cause.POLICY),
    Said("gmx policy", "554-Transaction failed 554-Reject due to policy restrictions. 554 For explanation visit https://postmaster.gmx.net/en/case?c=r0501", "5.0.0", Cause.POLICY),
    Said("gmx spf", "550 <{to}>: Reject due to SPF policy. The originating IP of the message is not permitted by the domain owner", "5.0.0", Cause.POLICY),
    Said("spamhaus", "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org", "5.7.1", Cause.POLICY),
    Said("exchange group", "550 5.7.133 RESOLVER.RST.SenderNotAuthenticatedForGroup; authentication required; Delivery restriction check failed because the sender was not authenticated when sending to this group", "5.7.133", Cause.POLICY),
    Said("exchange rule", "550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected by organization policy", "5.7.1", Cause.POLICY),
    Said("greylisted", "450 4.2.0 <{to}>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/amt.example.html", "4.2.0", Cause.POLICY),
    Said("no reverse name", "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.1]", "4.7.1", Cause.POLICY),
    Said("sender domain", "550 5.1.8 <bounces@rundbrief.example>: Sender address rejected: Domain not found", "5.1.8", Cause.POLICY),
    Said("relay denied", "554 5.7.1 <{to}>: Relay access denied", "5.7.1", Cause.POLICY),
    Said("spam with a hard code", "550 5.1.1 Message rejected as spam by content scanner", "5.1.1", Cause.POLICY),
    Said("german security", "554 5.7.1 Ihre Nachricht wurde aus Sicherheitsgründen abgelehnt", "5.7.1", Cause.POLICY),
    Said("german spam", "550 Nachricht als unerwünscht eingestuft (Spam)", "5.0.0", Cause.POLICY),
    Said("unknown with 5.7.1", "554 5.7.1 <{to}>: Recipient address rejected: user unknown", "5.7.1", Cause.POLICY),
]  # fmt: skip
MESSAGE = [
    Said("size", "552 5.3.4 Message size exceeds fixed limit", "5.3.4", Cause.MESSAGE),
    Said("exchange size", "550 5.2.3 RESOLVER.RST.RecipSizeLimit; message too large for this recipient", "5.2.3", Cause.MESSAGE),
    Said("body type", "554 5.6.1 Body type not supported by Remote Host", "5.6.1", Cause.MESSAGE),
    Said("ionos size", "552 Mail size limit exceeded. For explanation visit http://postmaster.1and1.com/en/error-messages", "5.0.0", Cause.MESSAGE),
    Said("german size", "552 Die Nachricht ist zu groß", "5.0.0", Cause.MESSAGE),
]  # fmt: skip
REPLIES = [*HARD, *FULL, *SOFT, *POLICY, *MESSAGE]
