"""Ways to hand over a mail: to the console, or to a mail server. In development a copy is kept."""

import json
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import urlsplit

from mapapp.domain.mail.clean_addresses import ascii_address
from mapapp.settings import Settings
from mapapp.whole_files import put_files

Mailer = Callable[[str, str, str], None]
"""Called with receiver, subject and body; raises NotTakenError when the mail was not taken."""

KEPT_MAILS = 50
TIMEOUT = 20  # seconds
TEMPORARY = range(400, 500)  # replies of a mail server that say: try again later


class NotTakenError(Exception):
    """The mail was not handed over. The message names the kind of error, never an address.

    ``is_final``: whether the mail server said that it never will take it.
    """

    def __init__(self, kind: str, *, is_final: bool = False) -> None:
        super().__init__(kind)
        self.is_final = is_final


def make_mailer(settings: Settings, name: str = "") -> Mailer:
    """Return the mailer that the settings ask for; with a ``name``, it is the sender's."""
    is_console = urlsplit(settings.mail_url).scheme == "console"
    sender = settings.sender
    named = Address(name, addr_spec=sender.addr_spec) if name else sender
    mailer = _print if is_console else _smtp(settings, named)
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
        put_files({path: ("\n".join(lines[-KEPT_MAILS:]) + "\n").encode()})

    return _send_and_keep


def _smtp(settings: Settings, sender: Address) -> Mailer:
    def _send(to: str, subject: str, body: str) -> None:
        try:
            _hand_over(settings, _message(sender, to, subject, body))
        except NotTakenError:
            raise
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(error, *(code for code, _ in error.recipients.values())) from None
        except smtplib.SMTPResponseException as error:
            raise _refusal(error, error.smtp_code) from None
        except Exception as error:  # whatever it is: this mail was not delivered, others can be
            raise NotTakenError(type(error).__name__) from None

    return _send


def _refusal(error: smtplib.SMTPException, *codes: int) -> NotTakenError:
    kind = " ".join([type(error).__name__, *map(str, codes)])
    return NotTakenError(kind, is_final=not any(code in TEMPORARY for code in codes))


def _hand_over(settings: Settings, message: EmailMessage) -> None:
    user, password = settings.mail_login
    server = _connection(settings)
    try:
        if user or password:
            server.login(user, password)
        receiver = message["To"].addresses[0].addr_spec
        server.send_message(message, settings.sender.addr_spec, [receiver])
        with suppress(OSError, smtplib.SMTPException):  # the mail was taken before
            server.quit()
    finally:
        server.close()


def _connection(settings: Settings) -> smtplib.SMTP:
    """Return a connection to the mail server; a password goes through TLS only, or is not sent."""
    url = urlsplit(settings.mail_url)
    host = url.hostname or "localhost"
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        return smtplib.SMTP_SSL(host, url.port or 465, timeout=TIMEOUT, context=context)
    server = smtplib.SMTP(host, url.port or 25, timeout=TIMEOUT)
    try:
        _secure(server, settings, context)
    except BaseException:
        server.close()
        raise
    return server


def _secure(server: smtplib.SMTP, settings: Settings, context: ssl.SSLContext) -> None:
    needs_tls = any(settings.mail_login) and not settings.mail_plain
    server.ehlo()
    if server.has_extn("starttls") and (needs_tls or not settings.is_mail_local):
        server.starttls(context=context)
        server.ehlo()
    elif needs_tls:
        raise NotTakenError("NoTls")


def _message(sender: Address, to: str, subject: str, body: str) -> EmailMessage:
    receiver = ascii_address(to)
    if receiver is None:
        raise NotTakenError("NoAddress", is_final=True)
    message = EmailMessage()
    message["From"] = sender
    message["To"] = Address(addr_spec=receiver)
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=sender.domain)
    message["Auto-Submitted"] = "auto-generated"  # keeps holiday notes from answering
    message.set_content(body)
    return message
