"""Any sentence-transformers CrossEncoder by one option, tried on a tiny one made here."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from index import CrossScorer, EncoderError
from qa import Engine, Filters

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
QUESTION = "济南2025年城镇化率目标"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    folder = tmp_path_factory.mktemp("cross")
    characters = sorted(set("济南城镇化率目标常住人口户籍提高到年以上左右%0123456789"))
    tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(tokens), encoding="utf-8")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(tokens), hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16, max_position_embeddings=64, num_labels=1,
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    return folder


def test_it_gives_one_score_a_text(tiny: Path) -> None:
    scorer = CrossScorer(str(tiny))
    scores = scorer.scores("城镇化率", ["城镇化率提高", "目标", "户籍人口"])
    assert scores.shape == (3,)
    assert scorer.scores("城镇化率", []).shape == (0,)
    assert scorer.scores("城镇化率", ["目标"])[0] == pytest.approx(scores[1], abs=1e-5)


def test_it_ranks_the_passages_anew_and_loses_none(tiny: Path, engine: Engine) -> None:
    options = replace(engine.options, cross_encoder=str(tiny), read=20)
    question = engine.parse(QUESTION)
    scope = engine.retriever.regions.scope(question, Filters())
    before = engine.retriever.within(question, scope, 20)
    after = replace(engine, options=options).retriever.within(question, scope, 20)
    assert {p.chunk.id for p in after} == {p.chunk.id for p in before}
    assert [p.score for p in after] == sorted((p.score for p in after), reverse=True)
    texts = [engine.index.search_text(p.chunk.id) for p in after]
    search = engine.retriever.wording(question, scope)
    scores = CrossScorer(str(tiny)).scores(search, texts)
    assert all(one >= other - 1e-5 for one, other in pairwise(scores))


def test_a_model_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match="无法载入重排模型"):
        CrossScorer(str(tmp_path / "nothing")).scores("问", ["答"])
