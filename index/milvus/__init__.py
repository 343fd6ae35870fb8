"""An index in Milvus, for libraries that one machine does not hold; behind the door of ``index``.

Two collections make an index. ``NAME`` has a row for each passage: its vector, its BM25 weights as
a sparse vector, what filters ask for, and what the other scores need. ``NAME_records`` has what is
not searched: the documents, the terms with their frequencies, and the manifest, whose one row is
written last and brings all else into use.

    address.py   milvus://host:port/collection → Address
    client.py    the calls: each with a time-out, each failure told in Chinese
    expression.py  filters, all literals quoted
    schema.py    the fields; passages → rows, checked before they are sent
    packing.py   what a row carries of a passage, as text
    weights.py   BM25 apart: what a passage has of it, what a query has
    records.py   the other collection: manifest, catalogue, terms, documents
    rows.py      rows ↔ ids, rows → the filter that gives just these
    legs.py      the legs of retrieval over rows on a server
    opened.py    MilvusIndex: the index as retrieval sees it     lazy.py  what it fetches late
    counting.py  first pass      plan.py  what is new      writing.py  second pass
    prepare.py   what is checked before      publish.py  what comes after; one writer at a time
    job.py       the order of the steps      runner.py  where tasks run: here or on Ray
"""
