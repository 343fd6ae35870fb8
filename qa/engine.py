"""ask(): the order of the steps from a question to an answer that can be checked."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from index import Chunk, Index, Site, Speller, open_index, with_own, words
from qa.answer import answerers, generated
from qa.answer.base import Draft, Evidence
from qa.cite import verify
from qa.clarify import question_back
from qa.comparison.catalogue import Catalogue
from qa.facets import Facets, facets
from qa.ledger import Ledger
from qa.llm import LanguageModel
from qa.matter import matter
from qa.models import Answer, Citation, Filters, Passage, Question
from qa.overrides import Overrides
from qa.question import Knowledge, parse
from qa.retrieve import RetrieveOptions, Retriever
from qa.scope import Regions, Scope
from qa.support import refusal

NOT_FOUND = "未找到依据"
UNCLEAR = "请写明要问的事项，例如：济南2025年城镇化率目标，或：青岛怎么改善空气质量。"


@dataclass(frozen=True)
class Engine:
    """Answers questions from one index; the same question gives the same answer.

    With a ``model``, it writes the answers; what the passages do not bear out is withheld.
    """

    index: Index
    options: RetrieveOptions = field(default_factory=RetrieveOptions)
    model: LanguageModel | None = None

    @classmethod
    def open(cls, where: Site, encoder: str | None = None, sparse: str = "bm25s") -> "Engine":
        """Open the index in a folder or in a Milvus; see :func:`index.open_index`."""
        return cls(open_index(where, encoder, sparse))

    def renewed(self) -> "Engine":
        """This engine or, if its index has a newer version, one over that; see :class:`Living`.

        Raises:
            IndexDamagedError, IndexMismatchError, EncoderError: as on opening.
        """
        return replace(self, index=self.index.reload()) if self.index.is_stale() else self

    @cached_property
    def retriever(self) -> Retriever:
        """The retriever over this engine's index."""
        return Retriever(Regions(self.index), self.options)

    @cached_property
    def ledger(self) -> Ledger:
        """The figures of this engine's index."""
        return Ledger(self.index)

    @cached_property
    def catalogue(self) -> Catalogue:
        """What this engine's index offers to compare."""
        return Catalogue(self.index, with_own(self.options.terms))

    @cached_property
    def facets(self) -> Facets:
        """What a search of this engine can be limited to; it reads every text, once."""
        return facets(self.index.documents.values())

    @property
    def verbatim(self) -> "Engine":
        """This engine without a model: what it says is quoted, at once and every time alike."""
        return self if self.model is None else self._without_model

    @cached_property
    def _without_model(self) -> "Engine":
        return replace(self, model=None)

    @cached_property
    def suggested(self) -> dict[str, bool]:
        """Whether each question that was to be suggested is answered; filled by qa.suggest."""
        return {}

    def parse(
        self, text: str, history: Sequence[str] = (), overrides: Overrides | None = None
    ) -> Question:
        """Understand ``text`` as the last question of a conversation, read as ``overrides`` say.

        Raises:
            InputError: nothing asked, too long, or overrides that name what is not known.
        """
        return parse(text, history, self.knowledge, overrides or Overrides())

    @cached_property
    def knowledge(self) -> Knowledge:
        """What helps to understand questions on this index."""
        regions = self.retriever.regions.corpus
        speller = Speller(
            self.index.sparse.document_frequencies,
            self.index.characters,
            frozenset(name for r in regions if r.level != "国家" for name in (r.name, r.short)),
        )
        return Knowledge(regions, speller, with_own(self.options.terms))

    def search(
        self,
        text: str,
        count: int = 10,
        filters: Filters | None = None,
        history: Sequence[str] = (),
    ) -> list[Passage]:
        """Return the ``count`` best passages, those that an answer cites leading."""
        return list(self._verbatim(self.parse(text, history), filters, count).passages)

    def ask(
        self,
        text: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        count: int = 10,
        overrides: Overrides | None = None,
    ) -> Answer:
        """Answer ``text``, verbatim and cited, or refuse and say why.

        Args:
            text: the question.
            history: the user's earlier questions, oldest first.
            filters: restrict the search.
            count: how many passages to show.
            overrides: how the question is to be read instead.

        Raises:
            InputError: nothing asked, too long, or overrides that name what is not known.
        """
        *_, answer = self.ask_stream(text, history, filters, count, overrides)
        return answer

    def ask_stream(
        self,
        text: str,
        history: Sequence[str] = (),
        filters: Filters | None = None,
        count: int = 10,
        overrides: Overrides | None = None,
    ) -> Iterator[Answer]:
        """Yield the answer to ``text`` as it grows; the last one is what :meth:`ask` returns."""
        answer = self._verbatim(self.parse(text, history, overrides), filters, count)
        if self.model is None:
            yield answer
        else:
            yield from generated.stream(answer, self.index, self.model)

    def _verbatim(self, question: Question, filters: Filters | None, count: int) -> Answer:
        filters = filters or Filters()
        scope = self.retriever.regions.scope(question, filters)
        passages = self.retriever.within(question, scope, count)
        if len(passages) < count and filters == Filters():
            passages = self.retriever.filled(question, passages, count)
        evidence = Evidence(question, scope, passages, self.retriever.regions, self.ledger)
        unclear = _unanswerable(evidence, filters)
        if unclear:
            return _refused(question, passages, unclear)
        for answerer in answerers(question):
            draft = answerer(evidence)
            if draft is None:
                continue
            if draft.refusal:
                return _refused(question, passages, draft.refusal)
            reason = refusal(evidence) if draft.kind not in _SURE else ""
            if reason:
                return _refused(question, passages, reason)
            answer = self._verified(evidence, draft, count)
            if answer is not None:
                return answer
        return _refused(question, passages, "没有与问题相符的段落。")

    def _verified(self, evidence: Evidence, draft: Draft, count: int) -> Answer | None:
        statements, citations, _ = verify(draft.claims, self.index.documents)
        if not citations:
            return None
        passages = list(evidence.passages)
        shown = {passage.chunk.id for passage in passages}
        held = all(_holding(self.index, c, {}).chunk.id in shown for c in citations)
        if draft.kind in _SURE or not held:
            passages = _leading(self.index, citations, passages)[:count]
        return Answer(
            evidence.question, draft.kind, statements, citations, tuple(passages),
            figures=draft.figures,
        )  # fmt: skip

    def scope(self, question: Question, filters: Filters) -> Scope:
        """The passages that ``question`` may be answered from."""
        return self.retriever.regions.scope(question, filters)


# These say what stands in a heading or a field: they are right, or they give None.
_SURE = frozenset({"outline", "metadata", "figure", "comparison"})


def _unanswerable(evidence: Evidence, filters: Filters) -> str:
    """Why no answerer is asked: no document on the region, no matter, or more than one meaning."""
    question = evidence.question
    if question.unknown and not question.regions and not filters.lift_regions:
        return f"索引中没有关于{'、'.join(region.name for region in question.unknown)}的文件。"
    if question.intent not in {"outline", "metadata"} and not words(matter(question)):
        return UNCLEAR
    return question_back(evidence)


def _refused(question: Question, passages: Sequence[Passage], reason: str) -> Answer:
    return Answer(question, "none", (), (), tuple(passages), abstained=True, reason=reason)


def _leading(
    index: Index, citations: Sequence[Citation], passages: Sequence[Passage]
) -> list[Passage]:
    """Put the passages that hold the citations first; what is in no chunk becomes a passage."""
    by_id = {passage.chunk.id: passage for passage in passages}
    first: dict[tuple[str, int, int], Passage] = {}
    for citation in citations:
        passage = _holding(index, citation, by_id)
        span = passage.chunk.span
        first.setdefault((citation.document_id, span.start, span.end), passage)
    led = {passage.chunk.id for passage in first.values() if passage.chunk.id >= 0}
    rest = [passage for passage in passages if passage.chunk.id not in led]
    top = max((passage.score for passage in passages), default=1.0)
    lead = [replace(p, score=top + 1.0 - i / 1000) for i, p in enumerate(first.values())]
    return [*lead, *rest]


def _holding(index: Index, citation: Citation, by_id: dict[int, Passage]) -> Passage:
    for passage in by_id.values():
        chunk = passage.chunk
        if chunk.document_id == citation.document_id and chunk.span.covers(citation.span):
            return passage
    for row in index.document_rows[citation.document_id]:
        chunk = index.chunks[int(row)]
        if chunk.span.covers(citation.span):
            return Passage(chunk, index.text(chunk), 0.0)
    made = Chunk(-1, citation.document_id, citation.section, citation.span)
    return Passage(made, citation.quote, 0.0)
