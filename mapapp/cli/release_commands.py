"""The commands about releases, as they are called and explained."""

from typing import TYPE_CHECKING

import click

from mapapp.cli.declared import Command
from mapapp.first_use import OnFirstUse

if TYPE_CHECKING:
    from mapapp.cli import releases
else:
    releases = OnFirstUse("mapapp.cli.releases")


@click.group()
def release() -> None:
    """Make, read and check released numbers: noisy, and frozen for a quarter or a year."""


@release.command("make", cls=Command)
def make_releases() -> None:
    """Make what this quarter and this year still lack, without waiting for the worker.

    Each question is asked once in its epoch and paid for from the ledger. What was asked is never
    asked again before the next epoch, even if a crash lost the answer.
    """
    releases.make()


@release.command("list", cls=Command)
def list_releases() -> None:
    """Print what the ledger spent: each epoch and question, on how many maps."""
    releases.list_spent()


@release.command("show", cls=Command)
@click.argument("slug", metavar="CONDITION")
@click.option("--epoch", default="", metavar="EPOCH", help="Such as 2026-Q4; the newest otherwise.")
def show_release(slug: str, epoch: str) -> None:
    """Print the released numbers of a condition as CSV, as everybody may read them."""
    releases.show(slug, epoch)


@release.command("verify", cls=Command)
def verify_releases() -> None:
    """Check releases against the ledger and the budget; exit with 1 if anything is wrong."""
    releases.verify()
