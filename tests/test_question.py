import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import InputError, Region, resolve_region
from qa import Engine, Question
from qa.numbering import numeral, ordinal
from qa.question import LONGEST, Knowledge, parse

NAMES = ("济南市历城区", "临沂市", "济南市", "山东省", "青岛市")
CORPUS: tuple[Region, ...] = tuple(filter(None, map(resolve_region, NAMES)))
RATE = "济南2025年城镇化率目标"


def ask(text: str, *history: str) -> Question:
    return parse(text, history, Knowledge(CORPUS))


def _names(regions: tuple[Region, ...]) -> list[str]:
    return [region.name for region in regions]


@pytest.mark.parametrize(
    ("text", "years"),
    [
        (RATE, (2025,)),
        ("2025年和2035年分别是多少", (2025, 2035)),
        ("2021-2035年", (2021, 2035)),
        ("２０２５年目标", (2025,)),
        ("2025年还是2025年", (2025,)),
        ("12025个", ()),
        ("20250", ()),
        ("1999年", (1999,)),
        ("2050年", (2050,)),
        ("目标是多少", ()),
        ("target in 2025?", (2025,)),
        ("全省2035年是多少,别给我2025的", (2035,)),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert ask(text).years == years


@pytest.mark.parametrize(
    ("text", "known", "unknown"),
    [
        ("济南城镇化率", ["济南市"], []),
        ("济南市城镇化率", ["济南市"], []),
        ("济南历城区城镇化率", ["历城区"], []),
        ("济南市历城区城镇化率", ["历城区"], []),
        ("历城怎么改造老城", ["历城区"], []),
        ("章丘的定位", ["章丘区"], []),
        ("平阴县城", ["平阴县"], []),
        ("济南和临沂谁高", ["济南市", "临沂市"], []),
        ("全省城镇化率", ["山东省"], []),
        ("我省城镇化率", ["山东省"], []),
        ("山东城镇化率", ["山东省"], []),
        ("urbanization rate of Jinan", ["济南市"], []),
        ("Linyi and QINGDAO", ["临沂市", "青岛市"], []),
        ("Jinanese food", [], []),
        ("北京城镇化率", [], ["北京市"]),
        ("北京和济南的城镇化率", ["济南市"], ["北京市"]),
        # It has no document, but lies in the province that has one.
        ("烟台城镇化率", ["烟台市"], []),
        ("全国城镇化率", [], []),
        ("我国城镇化率", [], []),
        ("城区有哪些", [], []),
        ("城镇化率", [], []),
    ],
)
def test_regions(text: str, known: list[str], unknown: list[str]) -> None:
    asked = ask(text)
    assert _names(asked.regions) == known
    assert _names(asked.unknown) == unknown


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("山东济南城镇化率", ["济南市"]),
        ("山东省济南市历城区城镇化率", ["历城区"]),
        ("济南历城和临沂的城镇化", ["历城区", "临沂市"]),
    ],
)
def test_a_run_of_names_is_its_innermost_region(text: str, known: list[str]) -> None:
    assert _names(ask(text).regions) == known


def test_without_a_corpus_every_region_is_unknown() -> None:
    asked = parse("济南城镇化率")
    assert asked.regions == ()
    assert _names(asked.unknown) == ["济南市"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        (RATE, "figure"),
        ("济南5G基站有多少个", "figure"),
        ("养老床位占比", "figure"),
        ("百分之几", "figure"),
        ("How many parking spaces will Qingdao add?", "figure"),
        ("济南和临沂2025年城镇化率谁高", "comparison"),
        ("济南2025年和2035年城镇化率分别是多少", "comparison"),
        ("比较济南和青岛的城镇化", "comparison"),
        ("第五章讲什么", "outline"),
        ("一共有几章", "outline"),
        ("在哪一章", "outline"),
        ("目录", "outline"),
        ("How many chapters are there?", "outline"),
        ("文号是多少", "metadata"),
        ("联系电话", "metadata"),
        ("谁发布的", "metadata"),
        ("规划期是哪年到哪年", "metadata"),
        ("记者是谁", "metadata"),
        ("什么是四网融合", "definition"),
        ("免申即享是什么意思", "definition"),
        ("三个副中心是哪三个", "list"),
        ("有哪些副中心", "list"),
        ("包括什么", "list"),
        ("怎么解决住房问题", "measures"),
        ("什么算首套住房", "definition"),
        ("被赡养人指谁", "definition"),
        ("谁作的报告、哪天作的", "metadata"),
        ("是谁在哪天作的", "metadata"),
        ("哪天由哪个会批准的", "metadata"),
        ("How fast did GDP grow in 2025?", "figure"),
        ("What deficit ratio was planned?", "figure"),
        ("采取什么措施", "measures"),
        ("专项附加扣除怎么算", "measures"),
        ("谁负责这项工作的推进", "measures"),
        ("有什么社会作用", "list"),
        ("孩子上学", "passage"),
    ],
)
def test_intents(text: str, intent: str) -> None:
    assert ask(text).intent == intent


@pytest.mark.parametrize(
    ("text", "traditional", "language"),
    [
        ("濟南2025年城鎮化率", True, "zh"),
        ("济南2025年城镇化率", False, "zh"),
        ("What is the target?", False, "en"),
        ("济南 GDP", False, "zh"),
        ("Jinan 的 urbanization rate target", False, "en"),
        ("78.5%", False, "zh"),
    ],
)
def test_script_and_language(text: str, traditional: bool, language: str) -> None:
    asked = ask(text)
    assert (asked.traditional, asked.language) == (traditional, language)


def test_a_question_keeps_its_text_as_typed_beside_the_search_text() -> None:
    asked = ask("濟南（２０２５年）城鎮化率\x07？")
    assert asked.text == "濟南（２０２５年）城鎮化率\x07？"
    assert asked.search == "济南(2025年)城镇化率?"
    assert asked.carried == ""


@pytest.mark.parametrize(
    ("history", "text", "search"),
    [
        ((RATE,), "那2035年呢?", "济南2035年城镇化率目标"),
        ((RATE,), "2035年", "济南2035年城镇化率目标"),
        ((RATE,), "那临沂呢?", "临沂市2025年城镇化率目标"),
        ((RATE,), "临沂", "临沂市2025年城镇化率目标"),
        ((RATE, "那2035年呢?"), "那临沂呢?", "临沂市2035年城镇化率目标"),
        ((RATE, "那临沂呢?"), "青岛呢", "青岛市2025年城镇化率目标"),
        ((RATE,), "再过十年呢", "济南2035年城镇化率目标"),
        ((RATE,), "往后五年呢?", "济南2030年城镇化率目标"),
        ((RATE,), "再过3年呢", "济南2028年城镇化率目标"),
        ((RATE,), "What about 2035?", "济南2035年城镇化率目标"),
        (("济南城镇化率目标",), "2025年呢", "济南城镇化率目标 2025年"),
        (("第五章讲什么",), "下一章", "第六章讲什么"),
        (("第五章讲什么",), "下一章呢?", "第六章讲什么"),
        (("第十章讲什么",), "上一章呢", "第九章讲什么"),
        (("第十九章讲什么", "下一章呢"), "下一章呢", "第二十一章讲什么"),
        (("第5节讲什么",), "下一节呢", "第六节讲什么"),
    ],
)
def test_follow_ups_change_what_they_name_and_keep_the_rest(
    history: tuple[str, ...], text: str, search: str
) -> None:
    assert ask(text, *history).search == search


def test_a_follow_up_is_understood_like_the_whole_question() -> None:
    asked = ask("那临沂呢?", RATE)
    assert _names(asked.regions) == ["临沂市"]
    assert asked.years == (2025,)
    assert asked.intent == "figure"
    assert asked.text == "那临沂呢?"


def test_the_other_side_of_a_pair_takes_its_place_and_the_rest_is_carried() -> None:
    asked = ask("户籍的呢", "济南2025年常住人口城镇化率目标")
    assert "户籍" in asked.search
    assert "2025年" in asked.search
    assert "城镇化率" in asked.carried
    assert asked.search.startswith(asked.carried)


def test_words_of_its_own_are_fresh_and_those_of_the_history_carried() -> None:
    asked = ask("养老床位呢", RATE)
    assert asked.search == f"{RATE} 养老床位"
    assert asked.carried == RATE


@pytest.mark.parametrize(
    "text",
    [
        "青岛有哪些副中心城市",
        "孩子上学怎么办理入学手续",
        RATE,
    ],
)
def test_a_question_that_stands_on_its_own_carries_nothing(text: str) -> None:
    asked = ask(text, "临沂2035年有多少5G基站")
    assert asked == ask(text)
    assert asked.carried == ""


def test_blank_or_endless_history_does_no_harm() -> None:
    assert ask(RATE, "", "\x00").search == RATE
    assert len(ask("孩子上学怎么办理入学手续", "问" * 10_000).search) == 12
    assert "2035" in ask("那2035年呢", "", RATE).search


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t\u3000", "？？！", "…“”", "\x00\x01\x02\x1f", "\u200b\ufeff", "\ud800", "😀"],
)
def test_nothing_asked_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="空的"):
        ask(text)


@pytest.mark.parametrize("length", [LONGEST + 1, 10_000])
def test_too_much_asked_is_refused_with_both_numbers(length: int) -> None:
    with pytest.raises(InputError, match=rf"{length} 个字符，最多 {LONGEST} 个"):
        ask("问" * length)


def test_the_longest_is_allowed() -> None:
    assert len(ask("问" * LONGEST).search) == LONGEST


@pytest.mark.parametrize("text", ["济", "a", "7"])
def test_one_character_is_a_question(text: str) -> None:
    assert ask(text).search == text


@given(st.text(max_size=60), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_understood_or_refused(text: str, history: list[str]) -> None:
    try:
        asked = ask(text, *history)
    except InputError:
        return
    assert asked.text == text
    assert asked.search


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("一", 1),
        ("九", 9),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("九十九", 99),
        ("7", 7),
        ("12", 12),
    ],
)
def test_ordinals(digits: str, number: int) -> None:
    assert ordinal(digits) == number
    assert digits.isdigit() or numeral(number) == digits


@pytest.mark.parametrize("number", range(1, 100))
def test_numerals_and_ordinals_are_inverse(number: int) -> None:
    assert ordinal(numeral(number)) == number


# With what the corpus knows


@pytest.mark.parametrize(
    ("typed", "read"),
    [("济南长住人口城镇华率", "城镇化率"), ("历程区老城改造", "历城区")],
)
def test_homophone_typos_are_read_as_the_corpus_writes_them(
    typed: str, read: str, engine: Engine
) -> None:
    asked = engine.parse(typed)
    assert read in asked.search
    assert asked.corrections
    assert asked.text == typed


@pytest.mark.parametrize("text", [RATE, "孩子上学怎么办", "5G基站", "Jinan urbanization rate"])
def test_what_is_spelt_right_is_left_alone(text: str, engine: Engine) -> None:
    asked = engine.parse(text)
    assert asked.search == text
    assert asked.corrections == ()


def test_the_corpus_of_the_seeds_is_their_regions(engine: Engine) -> None:
    assert set(engine.retriever.regions.corpus) == set(CORPUS)
