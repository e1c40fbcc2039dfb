"""A phone: a real Anki collection that answers with its own scheduler and syncs; a process of its own, so that its clock can be set.

``python -m tests.phone_side FOLDER URL ACTION...`` prints what it did as JSON. Actions: ``sync``, ``answer:COUNT:SEED``,
``same:KEY:RATING``, ``suspend:KEY``, ``unsuspend:KEY``, ``give:FILE``, ``add:FRONT``, ``basic:FRONT``, ``edit:KEY:TEXT``,
``force``, ``dump``.
"""

from __future__ import annotations

import json
import random
import sys
from pathlib import Path
from typing import Any

from tests.anki_side import Anki


def sync(phone: Anki, url: str) -> str:
    col = phone.col
    auth = col.sync_login("me", "secret", endpoint=url)
    out = col.sync_collection(auth, sync_media=False)
    if out.required in (out.NO_CHANGES, out.NORMAL_SYNC):
        return "normal"
    upload = out.required == out.FULL_UPLOAD
    assert out.required in (out.FULL_UPLOAD, out.FULL_DOWNLOAD), "a phone would ask its user"
    col.close_for_full_sync()
    col.full_upload_or_download(auth=auth, server_usn=out.server_media_usn, upload=upload)
    col.reopen(after_full_sync=True)
    return "upload" if upload else "download"


def answer(phone: Anki, count: int, seed: int) -> int:
    """Answer what Anki's own queue brings, deck by deck."""
    rng = random.Random(seed)
    done = 0
    for deck in phone.col.decks.all_names_and_ids():
        phone.col.decks.select(deck.id)
        while done < count:
            queued = phone.col.sched.get_queued_cards(fetch_limit=1)
            if not queued.cards:
                break
            top = queued.cards[0]
            card = phone.col.get_card(top.card.id)
            card.start_timer()
            rating = rng.choice((0, 1, 2, 2, 2, 3))
            phone.col.sched.answer_card(phone.col.sched.build_answer(card=card, states=top.states, rating=rating))
            done += 1
    return done


def dump(phone: Anki) -> dict[str, Any]:
    ours = phone.col.models.id_for_name("flashprep") or 0
    keys = [text.split("\x1f")[0] for text in phone.col.db.list("SELECT flds FROM notes WHERE mid = ?", ours)]
    cards = {key: phone.standing(key) for key in sorted(keys)}
    return {"reviews": phone.reviews(), "cards": cards, "notes": phone.col.note_count()}


def main() -> None:
    phone, url = Anki(Path(sys.argv[1]), new=False), sys.argv[2]
    said: list[Any] = []
    for action in sys.argv[3:]:
        name, *values = action.split(":")
        if name == "sync":
            said.append(sync(phone, url))
        elif name == "answer":
            said.append(answer(phone, int(values[0]), int(values[1])))
        elif name == "same":
            phone.answer(values[0], int(values[1]))
        elif name == "suspend":
            phone.col.sched.suspend_cards([phone.card(values[0]).id])
        elif name == "unsuspend":
            phone.col.sched.unsuspend_cards([phone.card(values[0]).id])
        elif name == "give":
            phone.give(Path(values[0]))
        elif name == "add":
            note = phone.col.new_note(phone.col.models.by_name("flashprep"))
            note["Prompt"], note["Answer"], note["Kind"] = values[0], "Noted on the train.", "concept"
            phone.col.add_note(note, phone.col.decks.id("flashprep::On the train"))
        elif name == "edit":
            note = phone.card(values[0]).note()
            note["Answer"] = values[1]
            phone.col.update_note(note)
        elif name == "basic":
            note = phone.col.new_note(phone.col.models.by_name("Basic"))
            note["Front"], note["Back"] = values[0], "The back."
            phone.col.add_note(note, phone.col.decks.id("Mine"))
        elif name == "force":  # its user makes this collection the server's
            auth = phone.col.sync_login("me", "secret", endpoint=url)
            out = phone.col.sync_collection(auth, sync_media=False)
            phone.col.close_for_full_sync()
            phone.col.full_upload_or_download(auth=auth, server_usn=out.server_media_usn, upload=True)
            phone.col.reopen(after_full_sync=True)
        elif name == "dump":
            said.append(dump(phone))
        else:
            raise SystemExit(f"no action {name}")
    phone.col.close()
    print(json.dumps(said))


if __name__ == "__main__":
    main()
