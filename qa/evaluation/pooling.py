"""Help to label: the best passages of each leg are shown, a person says which sentence answers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import zip_longest
from typing import Any

from index import Span, sentences
from qa.engine import Engine
from qa.evaluate import SYSTEMS, passage_name, retrieve
from qa.models import Passage
from qa.questionnaire import Asked

HELP = """\
  数字      该句答出了问题，例如 2，或 2-3（连续几句）；它成为引文
  +数字     同上，但它是另一组：完整的回答两组都要
  回车      这个段落没有答出
  u         文件没有写（结束本题）
  d         本题已标完（其余段落不看）
  s         跳过本题，以后再标
  b         退回上一个段落
  q         保存并退出
  ?         显示这些说明"""


class Stop(Enum):
    """The judge wants to end."""

    STOP = "stop"


STOP = Stop.STOP

Say = Callable[[str], None]
Listen = Callable[[], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """A passage of the pool and the sentences chosen of it; ``fresh`` opens a group of its own."""

    passage: Passage
    quote: str = ""
    fresh: bool = False


def pool(engine: Engine, asked: Asked, depth: int) -> list[Passage]:
    """The first ``depth`` passages of each leg and of their fusion, in turns, each once.

    Turns hide from the judge which leg found what.
    """
    found = [retrieve(engine, asked, weights, depth) for weights in SYSTEMS.values()]
    names: dict[str, Passage] = {}
    for place in zip_longest(*found):
        for passage in place:
            if passage is not None:
                names.setdefault(passage_name(passage), passage)
    return list(names.values())


def judge(
    engine: Engine, asked: Asked, passages: Sequence[Passage], say: Say, listen: Listen
) -> list[Judged] | Stop | None:
    """Ask a person about each passage.

    Returns:
        What was chosen; an empty list where the documents do not say; None for a question that is
        put off; ``STOP`` to end.
    """
    say(f"\n问题 {asked.id}：{asked.question}")
    if asked.history:
        say("先前的问题：" + "；".join(asked.history))
    done: list[Judged] = []
    while len(done) < len(passages):
        passage = passages[len(done)]
        spans = _sentences(engine, passage)
        _show(engine, passage, spans, f"{len(done) + 1}/{len(passages)}", say)
        word = listen().strip().lower()
        if word in _ENDS:
            return _ENDS[word]
        if word == "d":
            break
        if word == "b":
            done = done[:-1]
        elif word == "?":
            say(HELP)
        elif word == "":
            done.append(Judged(passage))
        else:
            quote = _chosen(engine, passage, spans, word)
            if quote:
                done.append(Judged(passage, quote, word.startswith("+")))
            else:
                say(f"不明白“{word}”。应为 1 到 {len(spans)} 的句号码，或 ? 查看说明。")
    if any(one.quote for one in done):
        return done
    say("没有选中任何句子。文件确实没有写请输入 u，否则本题留待以后。")
    return [] if listen().strip().lower() == "u" else None


_ENDS: Mapping[str, list[Judged] | Stop | None] = {"q": STOP, "s": None, "u": []}


def _sentences(engine: Engine, passage: Passage) -> list[Span]:
    chunk = passage.chunk
    document = engine.index.documents[chunk.document_id]
    return sentences(document.text, engine.index.outlines[chunk.document_id], chunk.span)


def _show(engine: Engine, passage: Passage, spans: Iterable[Span], place: str, say: Say) -> None:
    document = engine.index.documents[passage.chunk.document_id]
    path = " › ".join((f"《{document.title}》", *passage.chunk.section))
    say(f"\n[{place}] {path}（{document.id}）")
    for number, span in enumerate(spans, 1):
        say(f"  {number:2d}  {' '.join(span.of(document.text).split())}")
    say("哪一句答出了问题？（数字、回车、u、d、s、b、q、?）")


def _chosen(engine: Engine, passage: Passage, spans: Sequence[Span], word: str) -> str:
    """The text from the first to the last sentence named; empty where the word names none."""
    first, dash, last = word.removeprefix("+").partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        return ""
    low, high = int(first), int(last or first)
    if not 1 <= low <= high <= len(spans):
        return ""
    text = engine.index.documents[passage.chunk.document_id].text
    return text[spans[low - 1].start : spans[high - 1].end]


def label(asked: Asked, judged: Sequence[Judged]) -> dict[str, Any]:
    """The line of a file of labels; ``judged`` keeps what was looked at, for later pools."""
    groups: list[list[dict[str, str]]] = []
    for one in judged:
        if one.quote:
            item = {"doc": one.passage.chunk.document_id, "quote": one.quote}
            if one.fresh or not groups:
                groups.append([item])
            else:
                groups[-1].append(item)
    row: dict[str, Any] = {"id": asked.id, "question": asked.question}
    if asked.history:
        row["history"] = list(asked.history)
    return {
        **row,
        "values": [],
        "reject": [],
        "evidence_groups": groups,
        "judged": [{"passage": passage_name(j.passage), "relevant": bool(j.quote)} for j in judged],
    }
