"""``flashprep sync`` and ``sync serve``, with real Anki on the other side."""

from __future__ import annotations

import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from flashprep.collection import Collection
from flashprep.store.queries import Filter
from tests.world import DECK, World, free_port, on_linux

pytestmark = on_linux


def phone_cards(world: World) -> dict[str, Any]:
    cards: dict[str, Any] = world.phone("sync", "dump")[-1]["cards"]
    return cards


def test_new_notes_changed_notes_and_suspensions_go_over_and_come_back(world: World) -> None:
    world.sync("laptop")
    world.phone("sync")
    home = world.use("laptop")
    (home / "decks" / "deck.md").write_text(
        DECK.replace("It is 4.", "It is 2 + 2.") + "## Concept: New? {#new}\n\nYes.\n"
    )
    world.pass_time(1)
    world.suspend("laptop", "n7")
    said = world.sync("laptop")
    assert "2 notes" in said
    cards = phone_cards(world)
    assert "new" in cards and cards["n7"]["suspended"]
    world.pass_time(1)
    world.phone("unsuspend:n7", "suspend:n8", "sync")
    said = world.sync("laptop")
    assert "no longer suspended there: n7" in said and "suspended there: n8" in said
    assert "0 new reviews" in world.sync("laptop")
    _, here = world.state("laptop")
    assert (here["n7"]["suspended"], here["n8"]["suspended"]) == (False, True)


def test_pictures_go_over_with_their_notes(world: World) -> None:
    home = world.use("laptop")
    (home / "decks" / "ring.svg").write_text("<svg>a ring</svg>")
    (home / "decks" / "more.md").write_text("## Concept: Ring? {#ring}\n\n![A ring](ring.svg)\n")
    world.sync("laptop")
    held = [path for path in (world.folder / "server").rglob("*") if path.is_file() and b"a ring" in path.read_bytes()]
    assert held, "the server has the picture"


def test_a_note_made_on_the_phone_becomes_markdown_and_stays_one_note(world: World) -> None:
    world.sync("laptop")
    world.phone("sync", "add:What did I see on the train?", "sync")
    said = world.sync("laptop")
    assert "1 note with 1 card brought over to" in said
    home = world.use("laptop")
    text = (home / "decks" / "on-the-train.md").read_text()
    assert "## Concept: What did I see on the train? {#what-did-i-see-on-the-train}\n\nNoted on the train.\n" in text
    assert "brought over" not in world.sync("laptop")
    cards = phone_cards(world)
    assert "what-did-i-see-on-the-train" in cards and len(cards) == 37


def test_notes_of_others_stay_where_they_are_unless_asked_for(world: World) -> None:
    world.phone("basic:Front 1", "basic:Front 2", "basic:Front 3", "sync")  # fills the server
    world.review("laptop", 3, random.Random(1))
    said = world.sync("laptop")
    assert "36 notes" in said and "notes that are not from flashprep: 3" in said
    assert "FSRS is off in Anki" in said
    assert "not from flashprep" not in world.sync("laptop"), "said once"
    said = world.sync("laptop", "--notes")
    assert "3 notes with 3 cards brought over" in said
    home = world.use("laptop")
    assert (home / "decks" / "mine.md").read_text().count("## Question: Front") == 3
    world.use("laptop")
    with Collection() as collection:
        (row,) = collection.rows(Filter(ids=("front-2",)))
        collection.rate(row.card, 3, 2000)
    assert "sent" in world.sync("laptop", "--notes")
    dump = world.phone("sync", "dump")[-1]
    assert dump["notes"] == 39 and len(dump["cards"]) == 36, "no copy of them was made"
    assert [key for key, _, _ in dump["reviews"]].count("Front 2") == 1


def _give(world: World) -> Path:
    file = world.folder / "mine.apkg"
    world.phone("sync", f"give:{file}")
    return file


def test_an_edit_on_both_sides_is_said_and_the_user_decides(world: World) -> None:
    world.sync("laptop")
    world.phone("sync")
    world.pass_time(1)
    world.phone("edit:n4:<p>Four on the train.</p>", "edit:n5:<p>Five on the train.</p>", "sync")
    home = world.use("laptop")
    deck = home / "decks" / "deck.md"
    deck.write_text(DECK.replace("It is 4.", "Four at the desk.").replace("It is 5.", "Five at the desk."))
    world.pass_time(1)
    said = world.sync("laptop")
    assert "edited there and not handed on: n4, n5" in said and "+Four on the train." in said
    assert "Four at the desk." in deck.read_text()
    world.sync("laptop", "--keep-mine")
    assert "edited there" not in world.sync("laptop")
    file = _give(world)
    said = world.run("laptop", "import", str(file)).stdout
    assert "edited" not in said


def test_an_edit_that_came_with_an_earlier_sync_can_be_taken_over_later(world: World) -> None:
    world.sync("laptop")
    world.phone("sync")
    world.pass_time(1)
    world.phone("edit:n4:<p>Four on the train.</p>", "sync")
    assert "+Four on the train." in world.sync("laptop")
    said = world.sync("laptop", "--take-edits")
    assert "taken over into your decks: n4" in said
    home = world.use("laptop")
    assert (home / "decks" / "deck.md").read_text() == DECK.replace("It is 4.", "Four on the train.")
    assert "edited" not in world.sync("laptop", "--take-edits")


def test_an_older_deck_on_another_laptop_does_not_undo_a_change(world: World) -> None:
    world.sync("laptop")
    world.sync("desk")
    home = world.use("laptop")
    (home / "decks" / "deck.md").write_text(DECK.replace("It is 4.", "It is 2 + 2."))
    world.pass_time(1)
    assert "1 note" in world.sync("laptop")
    world.pass_time(1)
    world.use("desk")
    (world.folder / "desk" / "decks" / "more.md").write_text("## Concept: More? {#more}\n\nYes.\n")
    world.sync("desk")
    said = world.sync("laptop")
    assert "edited" not in said
    file = _give(world)
    assert "edited" not in world.run("laptop", "import", str(file)).stdout


def test_when_only_a_whole_collection_can_go_the_user_says_which_way(world: World) -> None:
    world.review("laptop", 4, random.Random(1))
    world.sync("laptop")
    world.phone("sync", "answer:2:1", "sync")
    world.phone("basic:Other", "force", name="other")  # another device makes its collection the server's
    before = world.state("laptop")
    said = world.sync("laptop", ok=False)
    assert "--download" in said and "--upload" in said
    assert world.state("laptop") == before
    world.sync("laptop", "--download")
    assert world.state("laptop")[0] == before[0]
    _, fresh = world.phone("sync", "dump", name="fresh")
    assert fresh["notes"] == 37 and len(fresh["reviews"]) == len(before[0])


def test_what_goes_wrong_is_one_line_each(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.use("laptop")
    done = world.run("laptop", "sync")
    assert done.returncode == 2 and "--url and --user" in done.stderr
    done = world.run("laptop", "sync", "--url", "ftp://x", "--user", "me")
    assert done.returncode == 2 and "the address of a sync server" in done.stderr
    assert "cannot reach" in world.sync("laptop", url=f"http://127.0.0.1:{free_port()}/", ok=False)
    env = world.env(FLASHPREP_SYNC_PASSWORD="wrong")
    command = [sys.executable, "-m", "flashprep", "sync", "--url", world.url, "--user", "me"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, f"flashprep: {world.url} refuses the user name or the password\n")
    env.pop("FLASHPREP_SYNC_PASSWORD")
    env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
    done = subprocess.run(
        command, env=env, capture_output=True, text=True, timeout=60, check=False, stdin=subprocess.DEVNULL
    )
    assert done.returncode == 2 and "FLASHPREP_SYNC_PASSWORD" in done.stderr
    assert "Traceback" not in done.stderr
    said = world.sync("laptop", ahead=3600 * 5, ok=False)
    assert "clock" in said.casefold(), said


def test_without_the_package_that_speaks_the_protocol_it_says_what_to_install(world: World) -> None:
    world.use("laptop")
    code = (
        "import sys; sys.modules['anki'] = None; sys.argv = ['flashprep', 'sync', '--url', 'http://x/', '--user', 'me']\n"
        "from flashprep.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (2, "flashprep: sync needs more packages: pip install 'flashprep[sync]'\n")


def test_a_damaged_mirror_is_made_anew(world: World) -> None:
    world.review("laptop", 4, random.Random(1))
    world.sync("laptop")
    home = world.use("laptop")
    (home / "anki" / "mirror.anki2").write_bytes(b"garbage" * 1000)
    world.review("laptop", 6, random.Random(2))
    world.sync("laptop")
    world.phone("sync")
    world.all_agree("laptop")
    (home / "anki" / "mirror.json").write_text("{")
    world.sync("laptop")
    world.all_agree("laptop")


def test_a_store_from_a_backup_gets_back_what_the_server_has(world: World) -> None:
    world.review("laptop", 5, random.Random(1))
    world.run("laptop", "backup", str(world.folder / "old.db"))
    world.pass_time(24)
    world.review("laptop", 5, random.Random(2))
    world.sync("laptop")
    before = world.state("laptop")
    world.run("laptop", "restore", str(world.folder / "old.db"), "--yes")
    assert len(world.state("laptop")[0]) < len(before[0])
    world.sync("laptop")
    assert world.state("laptop")[0] == before[0]


# -- the password


RING = """
import keyring.backend
from pathlib import Path

class Ring(keyring.backend.KeyringBackend):
    priority = 5
    file = Path({file!r})
    def get_password(self, service, name):
        return self.file.read_text() if self.file.exists() else None
    def set_password(self, service, name, password):
        self.file.write_text(password)
    def delete_password(self, service, name):
        self.file.unlink()
"""


def test_the_password_is_asked_for_once_and_kept_in_the_keyring_alone(world: World) -> None:
    import pexpect

    modules = world.folder / "modules"
    modules.mkdir()
    (modules / "ring.py").write_text(RING.format(file=str(modules / "kept")))
    home = world.use("laptop")
    env = world.env(PYTHON_KEYRING_BACKEND="ring.Ring", PYTHONPATH=str(modules))
    command = f"{sys.executable} -m flashprep sync --url {world.url} --user me"
    child = pexpect.spawn(command, env=env, encoding="utf-8", timeout=30)
    child.expect("Password of me on .*: ")
    child.sendline("secret")
    child.expect("the password is in the keyring now")
    child.expect(pexpect.EOF)
    assert (modules / "kept").read_text() == "secret"
    done = subprocess.run(command.split(), env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    held = [path for path in home.rglob("*") if path.is_file() and b"secret" in path.read_bytes()]
    assert held == []
    done = subprocess.run([*command.split(), "--forget-password"], env=env, capture_output=True, text=True, check=False)
    assert "no longer in the keyring" in done.stdout and not (modules / "kept").exists()


# -- the server


@pytest.fixture
def serve(world: World) -> Any:
    children: list[subprocess.Popen[str]] = []

    def start(*options: str) -> subprocess.Popen[str]:
        world.use("laptop")
        child = subprocess.Popen(
            [sys.executable, "-m", "flashprep", "sync", "serve", "--user", "me", *options],
            env={**os.environ, "FLASHPREP_SYNC_PASSWORD": "secret"}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        children.append(child)
        return child

    yield start
    for child in children:
        child.kill()
        child.wait()


def listening(child: subprocess.Popen[str]) -> list[str]:
    for _ in range(200):
        found = [c.laddr.ip for c in psutil.Process(child.pid).net_connections() if c.status == "LISTEN"]
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it does not listen")


def test_serve_listens_on_loopback_alone_and_says_what_to_enter(serve: Callable[..., subprocess.Popen[str]]) -> None:
    port = free_port()
    child = serve("--port", str(port))
    assert listening(child) == ["127.0.0.1"]
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=20)
    assert f"flashprep sync --url http://127.0.0.1:{port}/ --user me" in out and "phones cannot reach it" in out
    assert "Traceback" not in err and "secret" not in out + err


def test_serve_tells_phones_the_way_when_it_is_to_let_them_in(serve: Callable[..., subprocess.Popen[str]]) -> None:
    port = free_port()
    child = serve("--port", str(port), "--host", "0.0.0.0")
    assert listening(child) == ["0.0.0.0"]
    child.send_signal(signal.SIGINT)
    out, _ = child.communicate(timeout=20)
    assert re.search(rf"AnkiDroid: .*http://[\d.]+:{port}/", out) and "AnkiMobile:" in out
    assert "not encrypted" in out


def test_serve_refuses_what_it_cannot_listen_on(serve: Callable[..., subprocess.Popen[str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        child = serve("--port", str(taken.getsockname()[1]))
        _, err = child.communicate(timeout=20)
        assert child.returncode == 2 and "name another with --host or --port" in err
    child = serve("--host", "example.org")
    assert "in numbers" in child.communicate(timeout=20)[1]


def test_a_phone_syncs_with_our_server(world: World, serve: Callable[..., subprocess.Popen[str]]) -> None:
    port = free_port()
    child = serve("--port", str(port))
    listening(child)
    env = {**os.environ, "FLASHPREP_SYNC_PASSWORD": "secret"}
    env.pop("FLASHPREP_NOW")  # the server has the real time
    url = f"http://127.0.0.1:{port}/"
    command = [sys.executable, "-m", "flashprep", "sync", "--url", url, "--user", "me"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    phone = [sys.executable, "-m", "tests.phone_side", str(world.folder / "p"), url, "sync", "answer:4:1", "sync"]
    subprocess.run(phone, env=env, check=True, cwd=Path(__file__).parent.parent, stdout=subprocess.DEVNULL)
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert "received: 4 new reviews" in done.stdout, done.stdout + done.stderr
    with Collection() as collection:
        assert sum(row.memory.reps for row in collection.rows(Filter())) == 4
