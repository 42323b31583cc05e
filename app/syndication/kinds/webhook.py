"""Signed requests to a partner's server (Standard Webhooks: HMAC-SHA256 over id, timestamp and body)."""

import base64
import secrets
from typing import Any, Final

from standardwebhooks.webhooks import Webhook as Signer

from app import announcements
from app.announcements import Channel, DispatchState, Preview, Revision
from app.kernel import clock, http
from app.kernel.i18n import _, lazy
from app.syndication.kinds import payload
from app.syndication.kinds.base import Form, NotTaken, Package, Parcel
from app.syndication.rules import preview_parcel

GONE: Final = 410
EVIDENCE: Final = 500  # characters of the answer that are kept


def new_secret() -> str:
    """A key of 256 random bits, in the form that Standard Webhooks knows."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


class Webhook:
    """One POST per revision; ``webhook-id`` stays the same at every try, so that a repetition can be told."""

    name = "webhook"
    label = lazy("Signierter Webhook")

    def preview(self, revision: Revision) -> list[Preview]:
        """The body of the request to each active channel."""
        return [self._shown(channel, revision) for channel in announcements.channels(active=True) if _is_mine(channel)]

    def _shown(self, channel: Channel, revision: Revision) -> Preview:
        body = payload.as_bytes(payload.document(preview_parcel(channel, revision))).decode()
        return Preview(f"{channel.name} ({self.label})", "", body)

    def pack(self, parcel: Parcel) -> Package:
        """The document as the body of the request."""
        return self._package(parcel.channel, parcel.key, payload.as_bytes(payload.document(parcel)), parcel.attempt)

    def trial(self, channel: Channel) -> Package:
        """A document whose type is ``test``."""
        stamp = f"{clock.now():%Y%m%d%H%M%S}"
        return self._package(channel, f"test-{channel.id}-{stamp}", payload.as_bytes({"format": 1, "type": "test"}), 1)

    def _package(self, channel: Channel, key: str, body: bytes, attempt: int) -> Package:
        config = channel.config
        return Package(key=key, to=config["url"], attempt=attempt, body=body, secret=config["secret"])

    def carry(self, package: Package) -> dict[str, Any]:
        """Sign and post. Raises NotTaken for every answer but 2xx; 410 says that the partner wants no more."""
        now = clock.now()
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Rundbrief",
            "webhook-id": package.key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Signer(package.secret).sign(package.key, now, package.body.decode()),
        }
        try:
            answer = http.post(package.to, package.body, headers)
        except http.Unreachable as error:
            raise NotTaken(_("Der Server des Kanals antwortet nicht (%(error)s).", error=str(error))) from error
        said = answer.body.decode("utf-8", "replace")[:EVIDENCE]
        if not answer.is_success:
            message = _("Der Server des Kanals hat mit Status %(status)d geantwortet.", status=answer.status)
            raise NotTaken(message, final=answer.status == GONE)
        return {"to": package.to, "key": package.key, "status": answer.status, "answer": said}

    def settle(self, package: Package) -> DispatchState:
        """The answer was the receipt: it is sent."""
        return DispatchState.SENT


def _is_mine(channel: Channel) -> bool:
    return channel.kind == Webhook.name


__all__ = ["Form", "Webhook", "new_secret"]
