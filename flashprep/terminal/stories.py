"""What ``stories`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flashprep.cards.text import one_line
from flashprep.collection import Collection
from flashprep.memory.days import iso
from flashprep.terminal import report

if TYPE_CHECKING:
    from flashprep.stories import Repertoire


def repertoire(collection: Collection, found: Repertoire, json: bool) -> None:
    """Show themes, then stories, then what is to be done."""
    report.notices(collection)
    if json:
        stories = [
            {**story._asdict(), "last_day": iso(story.last_day) if story.last_day else None, "worn": story.worn}
            for story in found.stories
        ]
        report.write_json({"themes": found.themes, "missing": found.missing, "stories": stories})
        return
    for theme, ids in found.themes.items():
        print(f"{theme:<12}  {', '.join(ids) or '-'}")
    if found.stories:
        print()
    for story in found.stories:
        last = f"told {story.told}x, last on {iso(story.last_day)}" if story.last_day else "never told"
        print(f"{story.id}  {one_line(story.title, 60)}")
        print(f"  {last}; {', '.join(story.themes) or 'no theme'}")
        if not story.number:
            print("  its result has no number: say what changed, and by how much")
        if story.worn:
            print(f"  too much rests on it: no other story serves {', '.join(story.alone_for)}")
        if not story.themes:
            print("  give it themes: covers=conflict,influence in its heading")
    print()
    if found.missing:
        print(f"no story yet for {', '.join(found.missing)}; 'flashprep add story' writes one")
    else:
        print("every theme has a story")
