"""How well the best passages bear on the question, and whether that is enough to answer.

The threshold is set by ``benchmarks/abstention.py`` on labelled questions, cross-validated.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index import lies_in, normalise, words
from qa.answer.base import Evidence, bare

# Logistic regression on labelled and off-topic questions; see benchmarks/RESULTS.md, Silence.
_WEIGHTS = {"coverage": 2.05, "late": 2.7, "dense": 13.01}
_BIAS = -4.85
# Who names a region of the index asks about its plans: 99 of 100 such questions that can be
# answered are. Who names none may well ask about something else: 97 of 100 are.
LEAST = 0.14
LEAST_WITHOUT_REGION = 0.57
# Of a matter of which neither the thesaurus nor the best passages know a word.
LEAST_UNHEARD = 0.22
# Everyday matters that no plan is asked about; where the passages hold a good part of the
# question's words, it is about the plan all the same: 发展火锅产业.
_PRIVATE = re.compile(
    r"(?:最|哪[里儿个]|什么)好吃|好吃(?:吗|不|呢)|好看吗|正宗|菜谱|食谱|红烧|清蒸|怎么(?:炒|蒸|炖|煮|烤|腌|减肥|追|哄|恋爱)|做[^,。?]{0,6}(?:好吃|才香|筋道)"
    r"|减肥|女朋友|男朋友|相亲|谈恋爱|星座|算命|风水|彩票|股票(?!市场)|炒股|笑话|段子|歌词|明星|电视剧|综艺|游戏攻略"
    r"|写(?:一?[首篇段个])[^,。?]{0,12}(?:诗|词|歌|小说|作文|情书|代码|程序)|(?:今天|明天|后天|昨天|周末|这周|下周)[^,。?]{0,4}(?:天气|下雨|气温|赢|输)|天气怎么?样"
    r"|哪家[^,。?]{0,8}(?:好|便宜|正宗|划算)|麻将|扑克|recipe|weather (?:today|tomorrow)|joke|horoscope",
    re.I,
)
_ABOUT = 0.6
_TOP = 3
# Coverage of an English question of which the thesaurus knows no word.
_UNKNOWN = 0.5


@dataclass(frozen=True, slots=True)
class Support:
    """Evidence for an answer, each 0 to 1.

    coverage: share of the question's words, by rarity, that the best passage holds.
    late: mean over the question's tokens of the best cosine in the best passage. dense: cosine of
    the whole.
    """

    coverage: float
    late: float
    dense: float

    @classmethod
    def measure(cls, evidence: Evidence) -> "Support":
        """Measure the best passages of ``evidence``."""
        top = evidence.passages[:_TOP]
        if not top:
            return cls(0.0, 0.0, 0.0)
        return cls(
            coverage=max(_coverage(evidence, _context(evidence, at)) for at in range(len(top))),
            late=max(passage.legs.get("late", 0.0) for passage in top),
            dense=max(passage.legs.get("dense", 0.0) for passage in top),
        )

    def probability(self) -> float:
        """The probability that the passages answer the question."""
        total = _BIAS + sum(weight * getattr(self, name) for name, weight in _WEIGHTS.items())
        return float(1.0 / (1.0 + np.exp(-total)))


def refusal(evidence: Evidence) -> str:
    """Return why no answer is given, in Chinese; empty when the evidence is enough."""
    strange = _strange_region(evidence)
    if strange:
        return f"索引中没有关于{strange}的文件，最接近的段落也没有提到它。"
    question, support = evidence.question, Support.measure(evidence)
    least = LEAST if question.regions else LEAST_WITHOUT_REGION
    if not question.expansions and not support.coverage:
        least = max(least, LEAST_UNHEARD)
    if _PRIVATE.search(question.search) and support.coverage < _ABOUT:
        return "所问的事项不属于规划和政府文件的内容。"
    if support.probability() < least:
        return "最接近的段落与问题的相关程度不足以作答。"
    return ""


def _strange_region(evidence: Evidence) -> str:
    """A region asked about that has no document of its own and stands in none of the passages."""
    regions = evidence.regions
    for region in (*evidence.question.regions, *evidence.question.unknown):
        own = any(lies_in(other, region) for other in regions.corpus)
        named = any(region.short in normalise(p.text).text for p in evidence.passages[:_TOP])
        if not own and not named:
            return region.name
    return ""


def _context(evidence: Evidence, at: int) -> str:
    chunk = evidence.passages[at].chunk
    if chunk.id >= 0:
        return evidence.index.search_text(chunk.id)
    return normalise(evidence.passages[at].text).text


def _coverage(evidence: Evidence, text: str) -> float:
    """The greatest share of the question's words, by rarity, in whichever wording, in ``text``."""
    shares = [_share(evidence, asked, text) for asked in _asked(evidence)]
    if not any(shares) and evidence.question.language == "en" and not evidence.question.expansions:
        known = evidence.index.sparse.document_frequencies(words(evidence.question.search))
        return _UNKNOWN if any(known) else 0.0
    return max(shares, default=0.0)


def _asked(evidence: Evidence) -> list[list[str]]:
    """The question's words as asked, and with official ones for everyday ones."""
    question = evidence.question
    if question.language == "en":
        # English words stand in no plan: the terms that the thesaurus knows them by do.
        return [[w for e in question.expansions for w in words(e.entry.term)]]
    search = told = bare(evidence)
    for expansion in question.expansions:
        if not expansion.exact:
            told = told.replace(expansion.matched, f" {expansion.entry.term} ")
    return [list(dict.fromkeys(words(wording))) for wording in dict.fromkeys((search, told))]


def _share(evidence: Evidence, asked: Sequence[str], text: str) -> float:
    if not asked:
        return 0.0
    lowered = text.lower()
    frequencies = evidence.index.sparse.document_frequencies(list(asked))
    size = len(evidence.index.chunks)
    weights = [float(np.log1p(size / (1 + df))) for df in frequencies]
    held = sum(w for word, w in zip(asked, weights, strict=True) if word in lowered)
    return held / sum(weights)
