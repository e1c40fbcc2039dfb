"""``flashprep sync``: one memory on all devices, by Anki's own protocol."""

from __future__ import annotations

from typing import Annotated

import typer

from flashprep.anki.server import LOOPBACK, PORT
from flashprep.cli import options
from flashprep.collection import Collection
from flashprep.errors import FlashprepError
from flashprep.terminal import anki as view

app = options.new_app()
sync = typer.Typer(cls=options.Group, add_completion=False, rich_markup_mode=None)
app.add_typer(sync, name="sync")


@app.callback()
def _group() -> None:
    """Keep ``sync`` a group though it is the only one here."""


Url = Annotated[str, typer.Option("--url", metavar="URL", help="The server; default: sync_url of the config file.")]
User = Annotated[str, typer.Option("--user", metavar="NAME", help="Your name there; default: sync_user of the config.")]


@sync.callback(invoke_without_command=True)
def run(
    context: typer.Context,
    url: Url = "",
    user: User = "",
    notes: Annotated[bool, typer.Option("--notes", help="Bring all other notes over as Markdown, too.")] = False,
    take_edits: Annotated[
        bool, typer.Option("--take-edits", help="Write what was edited in Anki into your deck files.")
    ] = False,
    keep_mine: Annotated[
        bool, typer.Option("--keep-mine", help="Put your Markdown in the place of what was edited in Anki.")
    ] = False,
    download: Annotated[
        bool, typer.Option("--download", help="If only a whole collection can be exchanged: take the server's first.")
    ] = False,
    upload: Annotated[
        bool, typer.Option("--upload", help="If only a whole collection can be exchanged: replace the server's.")
    ] = False,
    forget: Annotated[bool, typer.Option("--forget-password", help="Take the password out of the keyring.")] = False,
    json: options.Json = False,
) -> None:
    """Sync with an Anki sync server, both ways.

    Reviews, suspensions and notes go to the phone and come back. The server is that of 'flashprep sync serve', or any other
    that you name. The password is asked for, and kept in the keyring of the system; or set FLASHPREP_SYNC_PASSWORD.
    """
    if context.invoked_subcommand:
        return
    if download and upload:
        raise FlashprepError("--download and --upload exclude each other")
    if take_edits and keep_mine:
        raise FlashprepError("--take-edits and --keep-mine exclude each other")
    from flashprep.anki import account as accounts
    from flashprep.anki import mirror, syncing

    with Collection() as collection:
        url, user = _address(collection, url, user)
        if forget:
            view.forgotten(accounts.forget(url, user), url, user)
            return
        mirror.available()
        account = accounts.find(url, user)
        view.warn_of_plain_http(url)
        collection.back_up_daily()
        done = syncing.sync(
            collection,
            account,
            direction="download" if download else "upload" if upload else "",
            notes=notes,
            take_edits=take_edits,
            keep_mine=keep_mine,
            say=view.step,
        )
        view.synced(collection, url, done, json, kept=accounts.keep(account), asked=account.asked)


def _address(collection: Collection, url: str, user: str) -> tuple[str, str]:
    from flashprep.config import checked_option

    url = checked_option("sync_url", url, "--url") if url else collection.config.sync_url
    user = checked_option("sync_user", user, "--user") if user else collection.config.sync_user
    if not url or not user:
        raise FlashprepError(
            "which server, and as whom? give --url and --user, or set sync_url and sync_user in the config file; "
            "'flashprep sync serve' runs a server of your own"
        )
    return url, user


@sync.command("serve")
def serve(
    host: Annotated[
        str, typer.Option("--host", metavar="ADDRESS", help="Where to listen; 0.0.0.0 lets phones on your network in.")
    ] = LOOPBACK,
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="The port.")] = PORT,
    user: Annotated[str, typer.Option("--user", metavar="NAME", help="The name that devices log in with.")] = "",
) -> None:
    """Run Anki's sync server, for a phone on the same network.

    It listens on this machine alone unless you name an address, and runs until Ctrl-C. It says what to enter on the phone.
    """
    from flashprep.anki import account as accounts
    from flashprep.anki import server, syncing

    with Collection() as collection:
        name = user or collection.config.sync_user or "me"
    server.check(host, port)
    here, phones = server.addresses(host, port)
    account = accounts.find(here, name)
    view.serving(here, phones, name)
    accounts.keep(account)
    server.run(host, port, name, account.password, syncing.folder() / "server")
