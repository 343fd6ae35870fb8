"""The engine for other programs, over HTTP and MCP. Needs the extra ``serve``.

app.py        the application: routes, guards and error replies put together
process.py    the process that runs it, and how it stops
settings.py   limits and addresses          keys.py       who may use which library
libraries.py  names → indexes               context.py    what the routes need of their server
models.py     what is asked                 replies.py    what is answered
service.py    search, ask, compare, fetch: a checked call in, a reply out
access.py limits.py journal.py              each wraps every call: keys, 429 and 413, logs and metrics
native.py openai.py dify.py documents.py    the routes, one file for each form
conditions.py conditions on metadata        stream.py     answers as they grow
mcp.py        the same for clients of language models
errors.py     every failure as JSON in Chinese

Nothing here is imported by the rest of ``qa`` but late, by the commands in ``qa/serving.py``.
"""
