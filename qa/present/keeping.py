"""What the page says about keeping a library: what may be changed in it, what came of a change."""

from html import escape

from qa.holding import Holding, Outcome
from qa.words import CHINESE, Words

_OWN = "这个资料库是在网页上新建的，存有放入文件的副本。更换、移出文件只改动这些副本，您电脑上原来的文件不受影响。"
_THEIRS = (
    "这个资料库由别处的文件夹建成。在这里放入、更换、移出文件或修改元数据，只改资料库，不动那个文件夹；"
    "以后若对那个文件夹再运行 guiwen index，资料库会恢复成与文件夹一致。"
)


def kind(holding: Holding, say: Words = CHINESE) -> str:
    """Return what may be changed in a library, and where."""
    told = holding.locked or (_THEIRS if holding.sources is None else _OWN)
    return f'<p class="gw-keeps">{escape(say(told))}</p>'


def outcome(found: Outcome, done: str, say: Words = CHINESE) -> str:
    """Return what became of a change; ``done`` says it of what was done."""
    lines = [f'<p class="gw-did">{escape(done)}</p>'] if done else []
    if found.notes:
        notes = "".join(f"<li>{escape(note)}</li>" for note in found.notes)
        lines.append(f"<p>{say('请留意：')}</p><ul>{notes}</ul>")
    if found.refused:
        refused = "".join(
            f"<li><b>{escape(name)}</b> {escape(why)}</li>" for name, why in found.refused.items()
        )
        head = say("没有放入的 {count} 份：", count=len(found.refused))
        lines.append(f'<p class="gw-bad">{head}</p><ul>{refused}</ul>')
    return f'<div class="gw-outcome">{"".join(lines)}</div>'


def question(text: str) -> str:
    """Return a question to be answered before what cannot be undone."""
    return f'<p class="gw-really" role="alert">{escape(text)}</p>'
