"""Conversations as a page keeps them, and what it may hand back."""

import pytest

from index import InputError
from qa import Engine, Filters
from qa.conversation import (
    MOST,
    Again,
    Conversation,
    Turn,
    next_turn,
    read,
    resumed,
    written,
)
from qa.offers import Wanted, offers
from qa.overrides import Overrides

ASKED = "济南2025年城镇化率目标"


def test_a_conversation_comes_back_as_it_was_kept() -> None:
    first = Turn(ASKED)
    again = next_turn(Again(turn=0, overrides=Overrides(regions=())), [first])
    last = Turn("那2035年呢", filters=Filters(frozenset({"a.txt"}), year=2035), after=2)
    held = Conversation((first, again, last), "默认")
    assert resumed(written(held)) == held


def test_a_turn_asked_again_builds_on_what_it_built_on_first() -> None:
    turns = [Turn(ASKED), Turn("那临沂呢", after=1)]
    again = next_turn(Again(turn=1, overrides=Overrides(years=(2035,))), turns)
    assert again.text == "那临沂呢"
    assert again.history(turns) == [ASKED]
    changed = [*turns, Turn("那临沂呢", after=1, said="2035年临沂市城镇化率目标")]
    after = next_turn(Again(text="户籍的呢"), changed)
    assert after.history(changed)[-1] == "2035年临沂市城镇化率目标"


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"turns": [{"text": 5}]}',
        '{"turns": [{"text": "a", "overrides": {"intent": "dance"}}]}',
        '{"turns": [{"text": "a", "filters": {"year": "2025"}}]}',
        '{"turns": "' + "x" * 400_000 + '"}',
    ],
)
def test_what_is_no_conversation_is_refused(text: str | None) -> None:
    with pytest.raises(InputError, match="无法识别"):
        resumed(text)


def test_a_turn_cannot_build_on_what_is_not_there() -> None:
    with pytest.raises(InputError, match="已损坏"):
        resumed(written(Conversation((Turn("a", after=3),))))
    with pytest.raises(InputError, match="不在这段对话里"):
        next_turn(Again(turn=2), [Turn("a")])


def test_a_conversation_is_bounded() -> None:
    turns = [Turn("a", after=at) for at in range(MOST)]
    with pytest.raises(InputError, match="最多 100 问"):
        next_turn(Again(text="b"), turns)
    assert len(resumed(written(Conversation((*turns, Turn("b", after=MOST))))).turns) == MOST


def _offered(engine: Engine, wanted: Wanted, typed: str = "") -> dict[str, Again]:
    return {offer.name: offer.again for offer in offers(engine, wanted, typed)}


def test_only_what_the_library_holds_is_offered(engine: Engine) -> None:
    asked = Again(turn=0, overrides=Overrides(years=(2035,)))
    regions = _offered(engine, Wanted("region", asked))
    assert list(regions) == ["山东省", "济南市", "青岛市", "临沂市", "历城区"]
    assert regions["青岛市"].overrides == Overrides(("青岛市",), (2035,))
    years = _offered(engine, Wanted("year", asked, ("临沂市",), "常住人口城镇化率"))
    assert list(years) == ["2035", "2025"]
    assert years["2025"].overrides == Overrides(years=(2025,))


def test_figures_of_the_same_documents_are_offered_and_others_found_by_typing(
    engine: Engine,
) -> None:
    figure = engine.ask(ASKED).figures[0]
    wanted = Wanted("indicator", Again(turn=0), (), figure.name, (figure.document_id,))
    names = _offered(engine, wanted)
    assert list(names)[:2] == ["常住人口城镇化率", "户籍人口城镇化率"]
    assert "新增公共停车位" not in names
    assert "新增公共停车位" in _offered(engine, wanted, "停车位")
    assert names["户籍人口城镇化率"].overrides == Overrides(indicator="户籍人口城镇化率")


def test_a_kind_of_answer_takes_the_place_of_a_figure(engine: Engine) -> None:
    asked = Again(turn=0, overrides=Overrides(indicator="绿地率"))
    kinds = _offered(engine, Wanted("intent", asked))
    assert kinds["passage"].overrides == Overrides(intent="passage")


def test_what_a_page_hands_over_is_checked() -> None:
    wanted = Wanted("region", Again(turn=3))
    assert read(Wanted, written(wanted)) == wanted
    with pytest.raises(InputError):
        read(Wanted, '{"part": "weather", "again": {}}')
