"""A browser page that writes down everything that must not happen."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Page, Request

REPORT_VIOLATIONS = """

document.addEventListener('securitypolicyviolation', (event) => {
  console.error('CSP violation: ' + event.violatedDirective + ' ' + event.blockedURI);
});
"""


@dataclass
class Watch:
    """What a page asked for and complained about.

    Attributes:
        home: host and port of the site.
        requests: every request as method, address and body, in order.
        foreign: requests to any other host.
        complaints: errors on the console, CSP violations among them, and uncaught exceptions.
    """

    home: str
    requests: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def attach(self, page: Page) -> None:
        """Begin to watch ``page``."""
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("request", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )

    def _note(self, request: Request) -> None:
        self.requests.append(f"{request.method} {request.url} {request.post_data or ''}")
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.home:
            self.foreign.append(request.url)

    def assert_clean(self) -> None:
        """Fail if anything left the site or anything was complained about."""
        assert self.foreign == []
        assert self.complaints == []
