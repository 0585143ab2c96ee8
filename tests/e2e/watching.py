"""A browser whose every page is watched, for everything that must not happen."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Request

from tests.e2e.settling import watch_requests

REPORT_VIOLATIONS = """

document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI);
});
"""


@dataclass
class Watch:
    """What the pages of a context asked for and complained about.

    Attributes:
        home: host and port of the site.
        requests: every request as method, address, headers and body, in order.
        foreign: requests to any other host.
        complaints: errors on the console, CSP violations among them, and uncaught exceptions.
    """

    home: str
    requests: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Begin to watch all pages that ``context`` has or will have."""
        watch_requests(context)
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", self._note)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def _note(self, request: Request) -> None:
        body = (request.post_data_buffer or b"").decode(errors="replace")
        self.requests.append(f"{request.method} {request.url} {request.headers} {body}")
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.home:
            self.foreign.append(request.url)

    def assert_clean(self) -> None:
        """Fail if anything left the site or anything was complained about."""
        assert self.foreign == []
        assert self.complaints == []
