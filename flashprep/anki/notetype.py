"""The note type of our cards in Anki: its fields, its two sides and their look.

The fields are frozen: Anki makes a second note type of one whose fields or templates were added, removed or renamed. Text and
look of the two sides may change; ``CHANGED`` has to grow with them, because Anki takes what is newer.
"""

from __future__ import annotations

ID = 1_795_737_600_311  # permanent: Anki tells note types apart by it
NAME = "flashprep"
CHANGED = 1_795_737_600  # epoch s of the last change to anything below
FIELDS = (
    *("Id", "Prompt", "Ask", "Answer", "Steps", "Testing", "Topic", "Kind"),
    *("Spare1", "Spare2", "Spare3", "Spare4"),  # for what is to come
)
TEMPLATE = "Card"
# Permanent, in the place of the random numbers that Anki would give: by them it knows a field again.
FIELD_ID, TEMPLATE_ID = 7_311_000_000_000_000_000, 7_311_000_000_000_000_100

_HEAD = '<div class="meta">{{Topic}} · {{Kind}}</div><div class="prompt">{{Prompt}}</div>'
FRONT = _HEAD + '{{#Ask}}<p class="ask">{{Ask}}</p>{{/Ask}}{{#Steps}}<div class="steps">{{Steps}}</div>{{/Steps}}'
BACK = (
    f'{_HEAD}<hr id="answer"><div class="answer">{{{{Answer}}}}</div>'
    '{{#Testing}}<details class="more"><summary>What is being tested</summary>{{Testing}}</details>{{/Testing}}'
)

_LIGHT = {
    "soft": "#f4f4f2",
    "line": "#d5d5d0",
    "dim": "#6b6b66",
    "accent": "#1a5fb4",
    "word": "#8a2a8a",
    "string": "#22702c",
    "comment": "#6e6e68",
    "number": "#9a4a00",
    "name": "#1a5fb4",
}
_DARK = {
    "soft": "#2a2a2c",
    "line": "#4a4a4d",
    "dim": "#a0a09a",
    "accent": "#8ab8f5",
    "word": "#d59ae0",
    "string": "#92cf9a",
    "comment": "#9a9a94",
    "number": "#e8b078",
    "name": "#8ab8f5",
}


def _palette(colours: dict[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in colours.items())


# No size in px: how large the text is, the user says in Anki. Anki's desktop and both phones mark the night differently.
CSS = f"""
.card {{ {_palette(_LIGHT)} color-scheme: light;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; line-height: 1.45; text-align: left;
  max-width: 40em; margin: 0 auto; padding: .4em .9em 1.5em; overflow-wrap: break-word; }}
.card.nightMode, .nightMode .card, .card.night_mode, .night_mode .card {{ {_palette(_DARK)} color-scheme: dark; }}
.mobile.card, .mobile .card {{ padding: .3em .7em 2em; }}
.meta {{ font-size: .75em; color: var(--dim); margin: .2em 0 1em; }}
.prompt {{ font-size: 1.08em; font-weight: 600; }}
.prompt pre, .prompt table, .prompt ul, .prompt ol {{ font-size: .92em; font-weight: 400; }}
.prompt p + p {{ font-weight: 400; }}
.ask {{ color: var(--dim); font-style: italic; }}
hr {{ border: 0; border-top: 1px solid var(--line); margin: 1.1em 0; }}
pre {{ white-space: pre-wrap; overflow-wrap: anywhere; padding: .6em .7em; border-radius: .4em;
  background: var(--soft); line-height: 1.35; }}
code {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Roboto Mono", monospace; font-size: .88em; }}
:not(pre) > code {{ background: var(--soft); padding: .08em .28em; border-radius: .25em; }}
table {{ display: block; overflow-x: auto; border-collapse: collapse; font-size: .92em; }}
th, td {{ border: 1px solid var(--line); padding: .28em .5em; text-align: left; vertical-align: top; }}
th {{ background: var(--soft); }}
ul, ol {{ padding-left: 1.4em; }} li {{ margin: .3em 0; }}
blockquote {{ margin: .8em 0; padding-left: .8em; border-left: .2em solid var(--line); color: var(--dim); }}
img {{ display: block; max-width: 100%; height: auto; margin: .8em auto; }}
details {{ margin: .5em 0; }}
summary {{ color: var(--accent); padding: .45em 0; }}
.steps details {{ border-top: 1px solid var(--line); margin: 0; }}
.steps p {{ margin: .3em 0 .6em; }}
.more {{ margin-top: 1.2em; border-top: 1px solid var(--line); padding-top: .3em; }}
.k, .kc, .kd, .kn, .kr, .kt, .ow {{ color: var(--word); }}
.s, .s1, .s2, .sa, .sd, .se, .si, .sb, .sc, .sh, .sr, .ss, .sx {{ color: var(--string); }}
.c, .c1, .cm, .ch, .cs, .cp, .cpf {{ color: var(--comment); font-style: italic; }}
.m, .mi, .mf, .mh, .mo, .mb, .il {{ color: var(--number); }}
.nf, .nc, .fm, .nd, .ne, .nt {{ color: var(--name); }}
"""
