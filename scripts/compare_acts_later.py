"""What people do on both sites after everyone has looked at them: they change their minds."""

from compare_acts import BUSY, RARE, Act

_RARE, _BUSY = f"/conditions/{RARE}", f"/conditions/{BUSY}"
_WORLD = f"{_RARE}/areas/world"
_ASK = {"reason": "language", "greeting": "no-rush"}

_THEY_COME_BACK = [
    Act("jay", "/account", "/account/show"),
    Act("wren", "/account", "/account/pause"),
    Act("wren", "/account", "/account/end-pause"),
    Act("jay", f"{_RARE}/tell-me", "/tell-me"),
    Act("jay", "/news", "/tell-me/stop"),
]
_THEY_ANSWER = [
    Act("jay", _WORLD, "/connect", _ASK, ("/areas/NO", "/connect")),
    Act("wren", "/inbox", "/later"),
    Act("wren", "/inbox", "/decline"),
    Act("robin", _WORLD, "/connect", _ASK, ("/areas/AU", "/connect")),
    Act("jay", "/inbox", "/block"),
    Act("jay", "/account/blocked", "/unblock"),
    Act("robin", "/inbox", "/messages/", {}, ("/conversations/",)),
    Act("wren", "/inbox", "/leave", {}, ("/conversations/", "/leave")),
    Act("wren", _WORLD, "/block", {}, ("/areas/AU", "/connect")),
    Act("wren", f"{_RARE}/questions/treatments", "/report/", {"category": "spam"}, ("/report/",)),
    Act("wren", "", "/block"),
]
_THEY_WRITE_ANEW = [
    Act("robin", "/account/posts", "/change", {"text": "Warm water helps me."}, ("/change",)),
    Act("robin", "/account/posts", "/delete"),
    Act("robin", f"{_BUSY}/treatments", "/remove"),
]
_STAFF_GO_ON = [
    Act("boss", f"/moderation/content/{RARE}", "/take"),
    Act("boss", f"/moderation/content/{RARE}", "/hide"),
    Act("boss", f"/moderation/content/{RARE}", "/show"),
    Act("mod", "/moderation", "/take", {}, ("/moderation/(id)",)),
    Act("mod", "", "/give-back"),
]
_THEY_LEAVE = [
    Act("robin", "/consent", "/consent/mail/take-back"),
    Act("robin", "/consent/mail", "/consent/mail/agree"),
    Act("robin", "/cared-for", "/remove"),
    Act("robin", "/places", f"/places/{BUSY}/remove"),
    Act("boss", "/account/authenticator", "/authenticator/remove"),
    Act("wren", "/account", "/sign-out"),
    Act("robin", "/account/sessions", "/end-all"),
]
LATER_ACTS = [
    *_THEY_COME_BACK,
    *_THEY_ANSWER,
    *_THEY_WRITE_ANEW,
    *_STAFF_GO_ON,
    *_THEY_LEAVE,
]
