"""Text (and what was asked before) → Question: regions, years, intent, script. No search."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from index import InputError, Region, Speller, Thesaurus, normalise
from qa.followup import resolve
from qa.intent import intent_of
from qa.matter import aim_of
from qa.models import Intent, Language, Question
from qa.named import period_of, regions_of, years_of
from qa.overrides import Overrides, reworded
from qa.sources_named import sources_named

LONGEST = 2000
# (不是2030年目标), 别给我2025的: what is named only to be ruled out is taken out of the question.
_REFUSED = re.compile(
    r"[(,;。]?(?:(?<!要)不要|(?<!是)不是问?|(?:(?<![\u4e00-\u9fff])|(?<=请))别(?:给我|说|看|管|提)?|并非|而非|不问|除了|not )[^(),;。?!:]*?(?:[),;。]|的(?=[,;。:?]|$)|$)",
    re.I,
)


# A verb after a modal or before a particle, and words that no plan uses: as typed.
_SPOKEN = re.compile(
    r"[\u4e00-\u9fff](?=[了着过])|(?<=[能想要会敢该肯别])[\u4e00-\u9fff](?=[\u4e00-\u9fff]?(?:多少|几|钱|吗|不))|[说挣掏赚赔俩娃咱甭]"
)


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known of a corpus that helps to understand questions on it."""

    regions: tuple[Region, ...] = ()
    speller: Speller | None = None
    thesaurus: Thesaurus | None = None


_NOTHING = Knowledge()
_AS_IT_STANDS = Overrides()


def parse(
    text: str,
    history: Sequence[str] = (),
    known: Knowledge = _NOTHING,
    overrides: Overrides = _AS_IT_STANDS,
) -> Question:
    """Understand ``text`` as the last of a conversation.

    Args:
        text: as typed, in any script, or English.
        history: the user's earlier questions, oldest first.
        known: the corpus' regions, its spelling, and a thesaurus.
        overrides: what the user wants read otherwise.

    Raises:
        InputError: nothing asked, more than ``LONGEST`` characters, or overrides that name what
            is not known.
    """
    search = _checked(text)
    corrections: tuple[tuple[str, str], ...] = ()
    if known.speller is not None:
        search, corrections = _mended(search, known.speller, known.thesaurus)
    regions = known.regions
    earlier = ""
    for question in history:
        asked = normalise(question[:LONGEST]).text
        earlier = resolve(earlier, asked, regions)[0] if earlier else asked
    full, carried = resolve(earlier, search, regions) if earlier else (search, "")
    full = _REFUSED.sub(" ", full).strip() or full
    if overrides:
        full, carried = reworded(full, carried, overrides, regions)
    held, unknown = regions_of(full, regions)
    return Question(
        text=text,
        search=full,
        carried=carried,
        regions=held,
        unknown=unknown,
        years=years_of(full),
        period=period_of(full),
        intent=_intent(full, held, overrides),
        insisted=bool(overrides.intent or overrides.indicator),
        aim=aim_of(full),
        traditional=_is_traditional(text),
        language=_language(search),
        corrections=corrections,
        expansions=tuple(known.thesaurus.expand(full)) if known.thesaurus else (),
        documents=tuple(dict.fromkeys(named.key for named in sources_named(full))),
    )


def _mended(
    typed: str, speller: Speller, thesaurus: Thesaurus | None
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Mend typos, but leave what the thesaurus knows and what only everyday speech says.

    挣 of 农民挣多少 and 派 of 派了多少医生 stand in no plan, and are no typos.
    """
    read, corrections = speller.correct(typed)
    if read == typed:
        return read, corrections
    meant = {match.start() for match in _SPOKEN.finditer(typed)}
    for expansion in thesaurus.expand(typed) if thesaurus else ():
        for match in re.finditer(re.escape(expansion.matched), typed):
            meant.update(range(*match.span()))
    kept = "".join(
        t if at in meant else r for at, (t, r) in enumerate(zip(typed, read, strict=True))
    )
    return kept, tuple(pair for pair in corrections if pair[1] in kept)


def _intent(search: str, held: tuple[Region, ...], overrides: Overrides) -> Intent:
    """The kind of answer wanted; a figure asked for by its name is one, or several compared."""
    read = intent_of(search, held, years_of(search))
    if overrides.indicator:
        return "comparison" if read == "comparison" else "figure"
    return overrides.intent or read


def _checked(text: str) -> str:
    if len(text) > LONGEST:
        raise InputError(
            f"问题过长：共 {len(text)} 个字符，最多 {LONGEST} 个。请只写要问的一句话。"
        )
    search = normalise(text).text
    if not any(unicodedata.category(c)[0] in "LN" for c in search):
        raise InputError(
            "问题是空的，或只有标点和控制字符。请输入要问的内容，例如：济南2025年城镇化率目标。"
        )
    return search


def _is_traditional(text: str) -> bool:
    simplified = normalise(text).text
    return any("\u3400" <= c <= "\u9fff" and c not in simplified for c in text)


def _language(search: str) -> Language:
    latin = sum(c.isascii() and c.isalpha() for c in search)
    chinese = sum("\u3400" <= c <= "\u9fff" for c in search)
    return "en" if latin > 3 * max(1, chinese) else "zh"
