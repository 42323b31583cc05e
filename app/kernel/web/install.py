"""What happens around every request."""

from http import HTTPStatus
from typing import Any

from flask import Flask, Response, abort, make_response, render_template, request, url_for
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter

from app.kernel import clock, db, identity, text
from app.kernel.config import Settings
from app.kernel.errors import DomainError
from app.kernel.i18n import LANGUAGES, _
from app.kernel.web.guards import current_actor, record_refusal
from app.kernel.web.responses import url

CSP = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors {ancestors}"
)
MAX_FIELD_NAME = 100
csrf = CSRFProtect()


class CookieSessions(SecureCookieSessionInterface):
    """The session in a signed cookie, but never on what everybody may cache: that neither sets nor depends on one."""

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """As Flask does, for answers that are for one person."""
        if not response.cache_control.public:
            super().save_session(app, session, response)


class Number(IntegerConverter):
    """A number in an address, small enough for the column of any database; what is not one is no address of ours."""

    regex = r"[0-9]{1,9}"


def install(
    app: Flask,
    settings: Settings,
    navigation: list[tuple[Any, str]],
    desk_navigation: list[tuple[Any, str, tuple[str, ...]]],
) -> None:
    """Put the transaction, the headers, the language, the navigation and the error pages around every view."""
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,  # pages behind a token send no Referer, and the token in the form is proof enough
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=12 * 1024 * 1024,
    )
    app.session_interface = CookieSessions()
    app.url_map.converters["int"] = Number
    csrf.init_app(app)
    app.before_request(_start_reading)
    app.after_request(_set_headers)
    app.after_request(_keep_language)
    app.after_request(_finish_transaction)  # runs first: Flask calls them in reverse
    app.teardown_request(_forget)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(DomainError, _domain_error)
    app.context_processor(_context)
    app.jinja_env.filters.update(rich_html=text.to_html, rich_text=text.to_plain)
    app.context_processor(lambda: _navigations(navigation, desk_navigation))


def exempt_one_click(app: Flask) -> None:
    """Let machines post to the views marked ``one_click``; called once all blueprints are registered."""
    for view in app.view_functions.values():
        if getattr(view, "csrf_exempt", False):
            csrf.exempt(view)


def _start_reading() -> None:
    db.rollback()
    if any("\x00" in text for text in (request.path, *(value for _, value in request.args.items(multi=True)))):
        abort(404)  # no database can look for it
    if not all(_is_field(name, value) for name, value in request.form.items(multi=True)):
        abort(400)


def _is_field(name: str, value: str) -> bool:
    """Whether a form of ours can have sent this: names are short and plain, and no keyboard writes a NUL."""
    return name.isascii() and len(name) <= MAX_FIELD_NAME and "\x00" not in name and "\x00" not in value


def _finish_transaction(response: Response) -> Response:
    if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        db.rollback()
    else:
        db.commit()
    return response


def _forget(error: BaseException | None) -> None:
    db.rollback()


def _keep_language(response: Response) -> Response:
    chosen = request.args.get("lang")
    if chosen in LANGUAGES and response.mimetype == "text/html":
        response.set_cookie("lang", chosen, max_age=31_536_000, samesite="Lax", secure=request.is_secure, httponly=True)
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    return response


def _set_headers(response: Response) -> Response:
    ancestors = response.headers.pop("X-Frame-Ancestors", "'none'")
    headers = response.headers
    headers.setdefault("Content-Security-Policy", CSP.format(ancestors=ancestors))
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("Referrer-Policy", "no-referrer" if "token" in (request.view_args or {}) else "same-origin")
    headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if request.is_secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "token" in (request.view_args or {}):
        headers["X-Robots-Tag"] = "noindex"
        headers["Cache-Control"] = "no-store"
    elif response.mimetype == "text/html":
        # What somebody of the team saw is gone from the machine once they have signed out.
        headers.setdefault("Cache-Control", "no-store" if current_actor() else "no-cache")
    return response


def navigation_entries(lines: list[tuple[Any, str]], path: str) -> list[dict[str, Any]]:
    """The lines of a navigation: label, address, and which one the reader is at: the nearest above their page."""
    addresses = [url_for(endpoint) for _label, endpoint in lines]
    above = [address for address in addresses if path == address or path.startswith(address.rstrip("/") + "/")]
    here = max(above, key=len, default="")
    return [
        {"label": str(label), "url": address, "current": address == here}
        for (label, _endpoint), address in zip(lines, addresses, strict=True)
    ]


def _navigations(site: list[tuple[Any, str]], desk: list[tuple[Any, str, tuple[str, ...]]]) -> dict[str, Any]:
    actor = current_actor()
    seen = [(label, endpoint) for label, endpoint, roles in desk if actor and (not roles or actor.is_any(*roles))]
    return {
        "navigation": navigation_entries(site, request.path),
        "desk_navigation": navigation_entries(seen, request.path),
    }


def _context() -> dict[str, Any]:
    return {
        "identity": identity.current(),
        "actor": current_actor(),
        "today": clock.today(),
        "languages": LANGUAGES,
        "public_url": url,
    }


def _http_error(error: HTTPException) -> Any:
    db.rollback()
    if error.response is not None or (error.code or 500) < HTTPStatus.BAD_REQUEST:
        return error
    response = _error_page(error.code or 500, _advice(error.code or 500))
    if error.code == HTTPStatus.METHOD_NOT_ALLOWED:
        response.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
    return response


def _domain_error(error: DomainError) -> Response:
    db.rollback()
    if error.status == HTTPStatus.FORBIDDEN:
        record_refusal(request.path, request.method)
    return _error_page(error.status, str(error))


def _error_page(status: int, advice: str) -> Response:
    template = "errors/error.html"
    return make_response(render_template(template, status=status, title=_title(status), advice=advice), status)


def _title(status: int) -> str:
    titles = {
        400: _("Das konnten wir nicht verarbeiten"),
        403: _("Kein Zugriff"),
        404: _("Seite nicht gefunden"),
        405: _("So geht es nicht"),
        409: _("Das hat sich inzwischen geändert"),
        410: _("Dieser Link gilt nicht mehr"),
        413: _("Die Datei ist zu groß"),
        422: _("Bitte prüfen Sie Ihre Angaben"),
    }
    return titles.get(status, _("Etwas ist schiefgegangen"))


def _advice(status: int) -> str:
    advice = {
        400: _("Bitte laden Sie die Seite neu und senden Sie das Formular noch einmal ab."),
        403: _("Bitte melden Sie sich an oder wenden Sie sich an die Redaktion."),
        404: _("Bitte prüfen Sie die Adresse, oder beginnen Sie auf der Startseite."),
        405: _("Bitte benutzen Sie die Schaltfläche auf der Seite, statt die Adresse direkt zu öffnen."),
        413: _("Bitte wählen Sie eine kleinere Datei, höchstens 12 MB."),
    }
    return advice.get(status, _("Der Fehler liegt bei uns. Bitte versuchen Sie es später noch einmal."))
