"""The errors a user can meet, each with a Chinese message that says how to mend it.

GuiwenError                 exit code 1
├── SourceError             exit code 3   a document cannot be read
├── StoreError              exit code 4   an index on disk cannot be used
│   ├── IndexMissingError                 no index there
│   ├── IndexDamagedError                 a file is missing or its checksum differs
│   ├── IndexMismatchError                made by another version, encoder or analysis
│   ├── IndexLockedError                  another process is writing it
│   └── MilvusError                       a Milvus is down, slow, or refuses
├── RayError                exit code 8   a Ray cluster does not answer, or lost a task
├── EncoderError            exit code 5   a model cannot be loaded or used
├── InputError              exit code 2   a question, option or questions file is wrong
├── LanguageModelError      exit code 6   the user's language model failed (in ``qa/llm.py``)
└── BelowError              exit code 7   a figure is below --fail-under (in ``qa/evaluation/gate.py``)
"""


class GuiwenError(Exception):
    """Any failure that is explained to the user; ``str(error)`` is the Chinese message."""

    exit_code = 1


class SourceError(GuiwenError):
    """A source document cannot be read; names the file, what was expected and what came."""

    exit_code = 3


class StoreError(GuiwenError):
    """An index folder cannot be used."""

    exit_code = 4


class IndexMissingError(StoreError):
    """The folder does not exist or holds no index."""


class IndexDamagedError(StoreError):
    """A file of the index is missing or differs from its recorded checksum."""


class IndexMismatchError(StoreError):
    """The index was made with another format, analysis version or encoder."""


class IndexLockedError(StoreError):
    """Another process is writing the index."""


class MilvusError(StoreError):
    """A Milvus does not answer in time, refuses, or does not hold all that it should."""


class RayError(GuiwenError):
    """A Ray cluster does not answer, or could not finish a task."""

    exit_code = 8


class EncoderError(GuiwenError):
    """An encoder cannot be loaded, or gives vectors of an unexpected shape."""

    exit_code = 5


class InputError(GuiwenError):
    """What the user typed or passed is wrong."""

    exit_code = 2
