"""Headers of every answer: nothing from elsewhere runs, nothing is told to elsewhere."""

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

ALWAYS = {
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
        "pages.home",
        "pages.how_we_count",
        "pages.privacy",
        "pages.credits",
        "conditions.index",
        "conditions.show",
        "maps.show",
        "questions.index",
        "questions.show",
    }
)
"""Pages without people's pseudonyms; ``questions.show`` shows visitors only answers whose writers
allowed it, and may name those. Whoever shows themself to visitors did not ask to be found by
a search engine, and could not be taken out of its copies."""


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on each answer; a view that set one itself keeps its own."""

    @app.after_request
    def _add(response: Response) -> Response:
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if request.endpoint not in FOR_SEARCH_ENGINES:
            response.headers.setdefault("X-Robots-Tag", "noindex")
        # A page made for one person must not stay in a cache that others use.
        response.headers.setdefault("Cache-Control", "private, no-cache")
        if settings.is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        return response
