"""Headers of every answer: nothing from elsewhere runs, and nothing is sent elsewhere."""

from flask import Flask, Response, g, request

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
        "worker-src 'self'",
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
        "statistics.show_statistics",
    }
)
"""Pages without people's pseudonyms; ``questions.show_question`` shows visitors only answers whose
writers allowed it, and may name those. A member who is shown to visitors did not ask to be
found by a search engine, and could not be taken out of its copies."""

FORMS_FOR_SEARCH_ENGINES = frozenset({"nearby.show_nearby"})
"""Pages that name nobody until something is asked of them; search engines may index those alone."""

STAYS_FOR_GOING_BACK = frozenset({"questions.list_questions"})
"""Pages open to everyone in whose form a member may be writing, and which show nothing of theirs:
browsers bring back what was typed only where a page may be kept."""
FRAMABLE = frozenset({"sharing.embed"})
"""The pages that other sites may frame. Their policy says so, and nothing in them acts."""
MADE_FOR_A_READER = frozenset({"text/html", "application/json", "application/problem+json"})


def init_headers(app: Flask, settings: Settings) -> None:
    """Set the headers on each answer; a view that set one itself keeps its own."""

    @app.after_request
    def _add(response: Response) -> Response:
        if _is_for_a_member(response):
            response.headers.setdefault("Cache-Control", "private, no-store")
        for name, value in headers_of(settings, request.endpoint).items():
            response.headers.setdefault(name, value)
        if request.endpoint in FORMS_FOR_SEARCH_ENGINES and _asks_nothing():
            del response.headers["X-Robots-Tag"]
        if request.endpoint in FRAMABLE and response.status_code < 400:
            del response.headers["X-Frame-Options"]
        return response


def _asks_nothing() -> bool:
    return request.method in {"GET", "HEAD"} and not request.query_string and not g.get("account")


def _is_for_a_member(response: Response) -> bool:
    """Whether the answer was made for somebody who is signed in.

    It may show whom only members see, or what its reader said of themselves. The next user of the
    computer must not find it by going back. Who was not looked up for it is not looked up here.
    """
    is_page = response.mimetype in MADE_FOR_A_READER
    return is_page and bool(g.get("account")) and request.endpoint not in STAYS_FOR_GOING_BACK


def headers_of(settings: Settings, endpoint: str | None = None) -> dict[str, str]:
    """Return the headers of an answer of a page; without one, of an answer to nobody knows what."""
    # A page made for one person must not stay in a cache that others use.
    headers = {**EVERY_ANSWER, "Cache-Control": "private, no-cache"}
    if endpoint not in FOR_SEARCH_ENGINES:
        headers["X-Robots-Tag"] = "noindex"
    if settings.is_https:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return headers
