"""LanceDB's full text search with n-grams of two or three characters (its tokens for Chinese)."""

import tempfile

import harness
import lancedb
import pyarrow


def build(texts):
    database = lancedb.connect(tempfile.mkdtemp())
    rows = pyarrow.table({"row": list(range(len(texts))), "text": texts})
    table = database.create_table("passages", rows)
    table.create_fts_index(
        "text", use_tantivy=False, base_tokenizer="ngram", ngram_min_length=2, ngram_max_length=3,
        stem=False, remove_stop_words=False,
    )  # fmt: skip
    return table


def search(state, question, count):
    found = state.search(question, query_type="fts").select(["row"]).limit(count).to_list()
    return [one["row"] for one in found]


harness.main(build, search, "LanceDB full text, ngram")
