"""Headers of every answer: nothing from elsewhere runs, and nothing is sent elsewhere."""

from flask import Flask, Response, request

from mapapp.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

EVERY_ANSWER = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=(), interest-cohort=()",
}

FOR_SEARCH_ENGINES = frozenset(
    {
        "pages.show_home",
        "pages.how_we_count",
        "pages.privacy",
        "pages.credits",
        "conditions.list_conditions",
        "conditions.show_condition",
        "maps.show_map",
        "questions.list_questions",
        "questions.show_question",
    }
)
"""Pages without people's pseudonyms; ``questions.show_question`` shows visitors only answers whose
writers allowed it, and may name those. A member who is shown to visitors did not ask to be
found by a search engine, and could not be taken out of its copies."""


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on each answer; a view that set one itself keeps its own."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in headers_of(settings, request.endpoint).items():
            response.headers.setdefault(name, value)
        return response


def headers_of(settings: Settings, endpoint: str | None = None) -> dict[str, str]:
    """Return the headers of an answer of a page; without one, of an answer to nobody knows what."""
    # A page made for one person must not stay in a cache that others use.
    headers = {**EVERY_ANSWER, "Cache-Control": "private, no-cache"}
    if endpoint not in FOR_SEARCH_ENGINES:
        headers["X-Robots-Tag"] = "noindex"
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
