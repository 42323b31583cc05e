"""Pages, notes to the reader, addresses, and answers that need not be sent twice."""

import hashlib
from datetime import datetime
from typing import Any
from urllib.parse import quote

from flask import Response, current_app, flash, make_response, render_template, request
from flask_wtf import FlaskForm


def page(template: str, status: int = 200, **context: Any) -> Response:
    """The page; 422 when the form in its context was sent and has errors (RFC 9110, 15.5.21)."""
    form = context.get("form")
    if isinstance(form, FlaskForm) and form.is_submitted() and (form.errors or form.form_errors):
        status = 422
    return make_response(render_template(template, **context), status)


def framed(html: str, *, pictures: str = "data:", popups: bool = False) -> Response:
    """A mail as a page of its own for a frame of ours: its own styles, these ``pictures``, and nothing that acts.

    With ``popups`` its links open in a new window.
    """
    policy = (
        f"sandbox{' allow-popups' if popups else ''}; default-src 'none'; style-src 'unsafe-inline'; "
        f"img-src {pictures}; frame-ancestors 'self'"
    )
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": policy})


def note(text: Any, kind: str = "success") -> None:
    """Say this on top of the next page: ``success``, ``info``, ``warning`` or ``danger``."""
    flash(str(text), kind)


def url(endpoint: str, **values: Any) -> str:
    """The whole public address of a view, the same in requests, jobs and commands: from PUBLIC_URL."""
    settings = current_app.config["RUNDBRIEF"]
    # Not url_for in a made-up request: its end would roll back the transaction that asks.
    adapter = current_app.url_map.bind("localhost", default_method="GET")
    anchor = f"#{quote(values.pop('_anchor'))}" if "_anchor" in values else ""
    return f"{settings.public_url}{adapter.build(endpoint, values)}{anchor}"


def conditional(body: bytes, mimetype: str, updated: datetime | None, *, max_age: int = 900) -> Response:
    """The body with a strong ETag of its content and Last-Modified; 304 when the reader has it already.

    For feeds and calendars: no cookie, the same bytes for everybody (RFC 9110, 8.8 and 13.2).
    """
    response = Response(body, mimetype=mimetype)
    response.content_type = f"{mimetype}; charset=utf-8"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    if updated is not None:
        response.last_modified = updated.replace(microsecond=0)
    response.headers["Cache-Control"] = f"public, max-age={max_age}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response.make_conditional(request)  # type: ignore[return-value]
