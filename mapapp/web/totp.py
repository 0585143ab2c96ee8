"""The sign-in library's codes of authenticator apps, each of which works once."""

import segno
from flask_security import UserMixin
from flask_security.totp import Totp
from passlib.totp import TotpMatch

from mapapp.domain.keyed import keyed_hash
from mapapp.settings import Settings

DRIFT = 30  # seconds by which a telephone's clock may be wrong


class Codes(Totp):
    """Makes secrets, sealed with the site's key, and checks codes against them.

    The library asks for the last code's number and reports the new one; whoever checks a code
    keeps it with the member (``counter_of``). One of these serves one request.
    """

    def __init__(self, settings: Settings) -> None:
        # The library allows no colon in names; it stands between them in the address of the key.
        self.site = settings.site_name.replace(":", " ")
        self.last = 0
        super().__init__({"1": keyed_hash(settings.secret, "totp")}, issuer=self.site)

    def get_last_counter(self, user: UserMixin) -> int | None:
        """Return the number of the last code, None where there was none."""
        return self.last or None

    def set_last_counter(self, user: UserMixin, tmatch: TotpMatch) -> None:
        """Remember the number of a code that was right."""
        self.last = tmatch.counter

    def counter_of(self, code: str, sealed: str, last: int) -> int | None:
        """Return the number of a right ``code``, None for a wrong one or one up to ``last``."""
        self.last = last
        right = self.verify_totp("".join(code.split()), sealed, UserMixin(), window=DRIFT)
        return self.last if right else None

    def address(self, sealed: str, pseudonym: str) -> str:
        """Return the secret as an address that an app on the same telephone opens."""
        return self.get_totp_uri(pseudonym.replace(":", " ") or self.site, sealed)

    def picture(self, sealed: str, pseudonym: str) -> str:
        """Return the same as a QR code: the address of an image that is in the page itself."""
        code = segno.make(self.address(sealed, pseudonym), error="m")
        # Dark on light with a margin, whatever the page's colours: cameras read nothing else.
        return code.svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
