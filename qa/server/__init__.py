"""The engine for other programs, over HTTP and MCP. Needs the extra ``serve``.

app.py        the application: routes, guards and error replies put together
settings.py   limits and addresses          keys.py       who may use which library
libraries.py  names → indexes               service.py    search, ask, compare, fetch: nouns → replies
models.py     what is asked                 replies.py    what is answered
access.py limits.py journal.py              each wraps every call: keys, 429, logs and metrics
native.py openai.py dify.py documents.py    the routes, one file for each form
stream.py     answers as they grow          mcp.py        the same for language model clients
errors.py     every failure as JSON in Chinese

Nothing here is imported by the rest of ``qa`` but late, by its commands.
"""
