import pytest

from index import Speller, characters
from qa import Engine

TEXT = "常住人口城镇化率达到，户籍人口城镇化率，海绵城市"


def speller(*names: str) -> Speller:
    held = {TEXT[i : i + 2] for i in range(len(TEXT) - 1)}
    return Speller(
        lambda pairs: [int(pair in held) for pair in pairs], characters([TEXT]), frozenset(names)
    )


def test_a_homophone_that_fits_both_neighbours_is_read() -> None:
    assert speller().correct("城镇花率") == ("城镇化率", (("镇花率", "镇化率"),))


def test_what_the_corpus_holds_is_left_as_typed() -> None:
    assert speller().correct("城镇化率") == ("城镇化率", ())


@pytest.mark.parametrize("text", ["怎么买房", "GDP 2025", "", "搞城镇化"])
def test_what_has_no_homophone_is_left_as_typed(text: str) -> None:
    assert speller().correct(text) == (text, ())


def test_a_region_name_is_mended_by_its_sound() -> None:
    assert speller("临沂").correct("林沂城镇化率")[0] == "临沂城镇化率"
    assert speller("历城区").correct("历程区规划")[0] == "历城区规划"


def test_labelled_questions_without_typos_are_left_as_typed(engine: Engine) -> None:
    for text in (
        "济南第五章讲什么",
        "历城哪一块的旧村子要动迁重建",
        "青岛的三个副中心城市是哪几个",
    ):
        assert engine.parse(text).corrections == ()


def test_a_region_is_never_read_as_another_that_sounds_alike() -> None:
    assert speller("陕西省", "陕西").correct("山西省城镇化率") == ("山西省城镇化率", ())
    assert speller("陕西省", "陕西").correct("山西的城镇化率")[0] == "山西的城镇化率"
