"""Ways to hand over a mail: to the console, or to a mail server. In development a copy is kept."""

import json
import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mapapp.errors import MapappError
from mapapp.settings import Settings

Mailer = Callable[[str, str, str], None]
"""Called with receiver, subject and body; raises NotTakenError when the mail was not taken."""

KEPT = 50
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
TIMEOUT = 20  # seconds


class NotTakenError(MapappError):
    """The mail was not handed over. The message names the kind of error, never an address."""


def make_mailer(settings: Settings) -> Mailer:
    """Return the mailer that the settings ask for."""
    is_console = urlsplit(settings.mail_url).scheme == "console"
    mailer = _print if is_console else _smtp(settings)
    return _keeping(mailer, kept_mail(settings)) if settings.dev else mailer


def kept_mail(settings: Settings) -> Path:
    """Return the file in which development keeps the mail it sent."""
    return settings.instance / "sent-mail.jsonl"


def read_kept_mail(settings: Settings) -> list[dict[str, str]]:
    """Return the last mails sent in development, newest first."""
    path = kept_mail(settings)
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in reversed(lines)]


def _print(to: str, subject: str, body: str) -> None:
    bar = "-" * 72
    print(f"{bar}\nTo: {to}\nSubject: {subject}\n\n{body}{bar}", flush=True)


def _keeping(mailer: Mailer, path: Path) -> Mailer:
    def _send_and_keep(to: str, subject: str, body: str) -> None:
        mailer(to, subject, body)
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        lines.append(json.dumps({"to": to, "subject": subject, "body": body}))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines[-KEPT:]) + "\n", encoding="utf-8")

    return _send_and_keep


def _smtp(settings: Settings) -> Mailer:
    url = urlsplit(settings.mail_url)

    def _send(to: str, subject: str, body: str) -> None:
        message = _message(settings, to, subject, body)
        try:
            with _connection(settings.mail_url) as server:
                if url.username:
                    server.login(unquote(url.username), unquote(url.password or ""))
                server.send_message(message)
        except smtplib.SMTPResponseException as error:
            raise NotTakenError(f"{type(error).__name__} {error.smtp_code}") from None
        except (OSError, smtplib.SMTPException) as error:
            raise NotTakenError(type(error).__name__) from None

    return _send


def _connection(mail_url: str) -> smtplib.SMTP:
    url = urlsplit(mail_url)
    host = url.hostname or "localhost"
    if url.scheme == "smtps":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    server.ehlo()
    if host not in LOCAL and server.has_extn("starttls"):
        server.starttls(context=ssl.create_default_context())
        server.ehlo()
    return server


def _message(settings: Settings, to: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = settings.mail_from
    message["To"] = to
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=urlsplit(settings.base_url).hostname)
    message["Auto-Submitted"] = "auto-generated"  # keeps holiday notes from answering
    message.set_content(body)
    return message
