"""What the routes and the tools have in common: a checked call in, a reply out. No HTTP here."""

from qa.comparison.asked import Asked
from qa.comparison.board import board
from qa.engine import Engine
from qa.filters import checked_filters
from qa.models import Filters
from qa.server.errors import CallError
from qa.server.keys import Caller
from qa.server.libraries import Libraries, Library
from qa.server.models import CompareIn, FiltersIn, SearchIn
from qa.server.replies import (
    AnswerOut,
    CompareOut,
    DocumentText,
    SearchOut,
    answer_out,
    compare_out,
    document_out,
    passage_out,
)


def choose(libraries: Libraries, caller: Caller, *names: str | None) -> Library:
    """Return the library that a call means.

    A library that the caller's key does not open is as unknown as one that is not there.

    Raises:
        CallError: unknown, named in two ways, or not named where the caller has several.
    """
    asked = list(dict.fromkeys(name for name in names if name))
    opened = {name: one for name, one in libraries.items() if caller.may_use(name)}
    if len(asked) > 1:
        raise CallError(422, f"资料库写了两处且不同：{'、'.join(asked)}。", param="library")
    if asked:
        if asked[0] not in opened:
            known = "、".join(opened) or "无"
            raise CallError(
                404,
                f"没有资料库“{asked[0][:64]}”，或密钥不能使用它。可用的有：{known}。",
                "unknown_library",
                param="library",
            )
        return opened[asked[0]]
    if len(opened) != 1:
        known = "、".join(opened) or "无"
        raise CallError(422, f"请用 library 写明资料库。可用的有：{known}。", param="library")
    return next(iter(opened.values()))


def filters_of(engine: Engine, given: FiltersIn) -> Filters:
    """The filters of a call, checked against the index."""
    return checked_filters(
        engine.index, given.documents, given.regions, given.year, given.all_regions
    )


def search(library: Library, asked: SearchIn) -> SearchOut:
    """The best passages; see :meth:`qa.Engine.search`."""
    engine = library.engine
    filters = filters_of(engine, asked.filters)
    found = engine.search(asked.question, asked.count, filters, asked.history)
    passages = [passage_out(passage, library.name, engine.index) for passage in found]
    return SearchOut(library=library.name, passages=passages)


def ask(library: Library, asked: SearchIn) -> AnswerOut:
    """The answer; see :meth:`qa.Engine.ask`."""
    engine = library.engine
    filters = filters_of(engine, asked.filters)
    answer = engine.ask(asked.question, asked.history, filters, asked.count)
    return answer_out(answer, library.name, engine.index)


def compared(library: Library, asked: CompareIn) -> CompareOut:
    """The matrix of one indicator; what is not given for the years or regions is in the notes.

    Raises:
        InputError: an indicator or a region that is not known; the nearest ones are told.
    """
    engine = library.engine
    made = board(engine, Asked((asked.name,), tuple(asked.regions), tuple(asked.years)))
    return compare_out(made, library.name, engine.index)


def fetched(
    library: Library, document: str, start: int = 0, end: int | None = None
) -> DocumentText:
    """The text of a document, or of a part of it; ends beyond the text are cut.

    Raises:
        CallError: no such document, or a part that ends before it starts.
    """
    engine = library.engine
    held = engine.index.documents.get(document)
    if held is None:
        raise unknown_document(document)
    last = len(held.text) if end is None else min(end, len(held.text))
    if not 0 <= start <= last:
        raise CallError(422, f"start 应在 0 与 end（{last}）之间，实际为 {start}。", param="start")
    about = document_out(held, library.name, engine).model_dump()
    return DocumentText(**about, start=start, end=last, text=held.text[start:last])


def unknown_document(name: str) -> CallError:
    """The error for a document that is not in the index."""
    return CallError(
        404, f"资料库中没有文件“{name[:200]}”。名称见 GET /documents。", "unknown_document"
    )
