"""What happens in a script of two twin sites: what others do in both, and what one hidden member
does in one of them."""

import random
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mapapp.actions.account.cared_for_place import NewPerson, place_cared_for
from mapapp.actions.account.member_erase import erase_member
from mapapp.actions.contact.request_send import send_request
from mapapp.actions.contact.wish_edit import keep_wishes
from mapapp.actions.core.audit import SHELL, By
from mapapp.actions.core.context import Context
from mapapp.actions.knowledge import post_vote, post_write, treatment_use
from mapapp.actions.knowledge.post_write import Draft
from mapapp.actions.members import place_set, profile_edit, visibility_change
from mapapp.actions.members.place_set import Placement
from mapapp.actions.moderation import member_hide
from mapapp.actions.published.card_changes import announce_all
from mapapp.actions.statistics.export_make import Request, export_numbers
from mapapp.actions.statistics.release_make import make_due
from mapapp.domain.core.choices import ROLES
from mapapp.domain.core.visibilities import COUNTED, LISTED
from mapapp.domain.knowledge.treatment_list import OUTCOMES
from mapapp.domain.published.wishes import ANYTHING
from mapapp.store.members import Member, Membership
from mapapp.store.posts import Post
from mapapp.store.treatments import Treatment
from tests import factories
from tests.alerts import wait_for_people
from tests.attacks.twin_sites import AREAS, FIRST, OTHER, ZONES, TwinSite
from tests.searchable import make_question

PLACES = (*ZONES, AREAS.by_code("GB-ENG").id, AREAS.by_code("GB").id)
LANGUAGES = ("en", "de", "fr", "cy")
TEXT = "I walk every morning, and plan one thing a day, whatever the weather is like."

Act = Callable[[Context, random.Random], object]
"""An act of ``ctx.member_id``; whatever is chosen in it comes from ``chance``."""


def _map(ctx: Context, chance: random.Random) -> int:
    return factories.make_condition(ctx.session, chance.choice((FIRST, FIRST, OTHER))).id


def _placement(chance: random.Random, visibility: str) -> Placement:
    name = "Bird " + "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=9))
    role = chance.choice(list(ROLES))
    return Placement(
        chance.choice(PLACES), AREAS.version, visibility, role, name, soon=chance.random() < 0.5
    )


def _place_listed(ctx: Context, chance: random.Random) -> None:
    place_set.place(ctx, _map(ctx, chance), _placement(chance, chance.choice(LISTED)))


def _place_hidden(ctx: Context, chance: random.Random) -> None:
    place_set.place(ctx, _map(ctx, chance), _placement(chance, COUNTED))


def _leave(ctx: Context, chance: random.Random) -> None:
    place_set.remove(ctx, ctx.member_id, _map(ctx, chance))


def _be_seen(ctx: Context, chance: random.Random) -> None:
    seen = chance.choice((*LISTED, COUNTED))
    visibility_change.set_visibility(ctx, ctx.member_id, _map(ctx, chance), seen)


def _speak(ctx: Context, chance: random.Random) -> None:
    profile_edit.set_languages(ctx, chance.sample(LANGUAGES, 2))


def _hide(ctx: Context, _chance: random.Random) -> None:
    member_hide.hide_everywhere(ctx, ctx.member_id)


def _show(ctx: Context, _chance: random.Random) -> None:
    member_hide.show_again(ctx, ctx.member_id)


def _pause(ctx: Context, _chance: random.Random) -> None:
    member_hide.pause(ctx, ctx.member_id)


def _end_pause(ctx: Context, _chance: random.Random) -> None:
    member_hide.end_pause(ctx, ctx.member_id)


def _erase(ctx: Context, _chance: random.Random) -> None:
    erase_member(ctx, ctx.member_id)


def _wish(ctx: Context, chance: random.Random) -> None:
    keep_wishes(ctx, _map(ctx, chance), replace(ANYTHING, not_now=chance.random() < 0.5))


def _try_treatment(ctx: Context, chance: random.Random) -> None:
    tried = chance.choice(ctx.session.scalars(select(Treatment.public_id)).all())
    said = chance.choice(list(OUTCOMES)), chance.random() < 0.5
    treatment_use.record(ctx, _map(ctx, random.Random(0)), tried, *said)


def _decades(ctx: Context, chance: random.Random) -> None:
    given = {"birth_decade": chance.choice((1960, 1980)), "diagnosis_decade": 2010}
    shown = {"birth_shown": True, "diagnosis_shown": chance.random() < 0.5}
    mine = Membership.member_id == ctx.member_id
    ctx.session.execute(update(Membership).where(mine).values(given | shown))
    announce_all(ctx, ctx.member_id)


def _care(ctx: Context, chance: random.Random) -> None:
    child = NewPerson(_map(ctx, chance), chance.choice(ZONES), "2035-05")
    place_cared_for(ctx, ctx.member_id, child, _key(chance))


def _wait(ctx: Context, chance: random.Random) -> None:
    wait_for_people(ctx.session, ctx.member_id, _map(ctx, chance), chance.choice(ZONES))


def _write(ctx: Context, chance: random.Random) -> None:
    condition = factories.make_condition(ctx.session, FIRST)
    draft = Draft(TEXT, "self", chance.choice(("public", "members", "nobody")), indexed=True)
    asked = make_question(ctx.session, condition, chance.choice(("treatments", "sleep")))
    post_write.write(ctx, condition.id, asked, draft, _key(chance))


def _vote(ctx: Context, chance: random.Random) -> None:
    pieces = sorted(ctx.session.scalars(select(Post.public_id)))
    post_vote.cast_vote(ctx, chance.choice(pieces), chance.random() < 0.7)


def _ask(ctx: Context, chance: random.Random) -> None:
    condition = factories.make_condition(ctx.session, FIRST)
    listed = select(Membership.public_id).where(
        Membership.condition_id == condition.id, Membership.visibility.in_(LISTED)
    )
    whom = chance.choice(sorted(ctx.session.scalars(listed)))
    send_request(ctx, whom, FIRST, "meet", "hello")


def _key(chance: random.Random) -> str:
    return str(UUID(int=chance.getrandbits(128), version=4))


OTHERS: dict[str, Act] = {
    "place themselves": _place_listed,
    "change who sees them": _be_seen,
    "leave a map": _leave,
    "speak": _speak,
    "hide": _hide,
    "show themselves": _show,
    "wish": _wish,
    "try a treatment": _try_treatment,
    "write": _write,
    "vote": _vote,
    "ask": _ask,
    "place themselves, counted": _place_hidden,
    "erase": _erase,
}
"""What people do in both sites; the first of them comes without an account before."""
HIDDEN: dict[str, Act] = {
    "join or move": _place_hidden,
    "leave a map": _leave,
    "speak": _speak,
    "hide": _hide,
    "undo": _show,
    "pause": _pause,
    "end the pause": _end_pause,
    "say decades": _decades,
    "wish": _wish,
    "try a treatment": _try_treatment,
    "place a child": _care,
    "wait for people": _wait,
    "erase": _erase,
}
"""What the hidden member does, in one of the two."""


def newcomer(session: Session, number: int) -> int:
    """Return the number of a new account."""
    return factories.make_member(session, email=f"new{number}@example.org").id


def member_of(session: Session, account_id: str) -> int | None:
    """Return the number of an account, which need not be the same in both sites."""
    return session.scalar(select(Member.id).where(Member.account_id == account_id))


def export(site: TwinSite, session: Session, chance: random.Random) -> bytes:
    """Return a file as the staff export it."""
    # The same numbers by zone would be some 90,000 rows, which take a second to write.
    wanted = Request((FIRST, OTHER), chance.choice(("country", "region")), "csv")
    by = By(SHELL, "For a report on the numbers.")
    return export_numbers(session, wanted, by, site=site.settings.base_url).content


def release_again(site: TwinSite, now: float) -> str:
    """Ask for the releases of this quarter and year once more."""
    return repr(make_due(site.engine, site.settings, now))
