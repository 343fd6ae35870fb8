"""Changes to an index: documents put in, taken out, renamed; the rest is kept as it is.

The result is the index that a fresh build of the changed documents would give.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from index import originals, records, store
from index.build import BuildReport, Making, Progress, silent
from index.documents import Document
from index.encode import open_encoder
from index.errors import InputError
from index.metadata import describe
from index.recipe import BuildOptions, check_encoder, check_versions

# What may have been read from a text and its name; the rest is from the manifest or the file.
_READ = ("title", "region", "level", "period", "issuer", "number", "issued")


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different, in this order: removed, renamed (old → new id), put.

    A document that is put replaces the one of its id; ``files`` names the file that it was read
    from, by its id, which the index keeps unless it is plain text.
    """

    put: tuple[Document, ...] = ()
    removed: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, Path] = field(default_factory=dict)


def update(folder: Path, changes: Changes, progress: Progress = silent) -> BuildReport:
    """Apply ``changes`` to the index in ``folder``, with the options that it was made with.

    Readers go on with the old index until they open it again; see :meth:`Index.is_stale`.

    Raises:
        InputError: an id that is not in the index, a new one that is taken, nothing left; a
            document put without its file.
        SourceError: the file of a document that is put is no longer what was read.
        IndexMissingError, IndexDamagedError, IndexMismatchError, EncoderError: as on opening.
        StoreError: the folder cannot be written, or another process is writing it.
    """
    store.current(folder)
    with store.writing(folder):
        generation, manifest = store.opened(folder)
        check_versions(folder, manifest)
        encoder = open_encoder(manifest.encoder)
        check_encoder(folder, manifest, encoder)
        store.verify(generation, manifest)
        documents = _applied(
            {document.id: document for document in records.read_documents(generation)}, changes
        )
        options = BuildOptions.of(manifest)
        making = Making(folder, options, encoder, (generation, manifest), progress)
        report = making.run([documents[name] for name in sorted(documents)], changes.files)
    touched = {document.id for document in changes.put} | set(changes.renamed.values())
    coverage = tuple(row for row in report.coverage if row.document_id in touched)
    return replace(report, coverage=coverage)


def _applied(documents: dict[str, Document], changes: Changes) -> dict[str, Document]:
    for name in changes.removed:
        _known(name, documents)
        del documents[name]
    for old, new in changes.renamed.items():
        _known(old, documents)
        if new in documents:
            raise InputError(f"索引中已有文件“{new}”，不能把“{old}”改成这个名称。")
        documents[new] = renamed(documents.pop(old), new)
    for document in changes.put:
        if originals.is_kept(document) and document.id not in changes.files:
            raise InputError(f"没有给出“{document.id}”的原件：Changes.files 应指明读入的文件。")
        documents[document.id] = document
    if not documents:
        raise InputError("这样索引中就没有文件了。如不再需要该索引，请直接删除索引文件夹。")
    return documents


def _known(name: str, documents: Mapping[str, Document]) -> None:
    if name not in documents:
        shown = "、".join(list(documents)[:20]) + ("…" if len(documents) > 20 else "")
        raise InputError(f"索引中没有文件“{name}”。已有：{shown}。")


def _check_name(name: str, suffix: str) -> None:
    path = PurePosixPath(name)
    proper = name == path.as_posix() and not path.is_absolute() and ".." not in path.parts
    if not proper or name in {"", "."} or not name.isprintable():
        raise InputError(f"“{name}”不能作为文件名称：应为索引内的相对路径，例如 城市/济南.txt。")
    if path.suffix != suffix:
        # The name says how the file is read.
        raise InputError(f"“{name}”不能作为文件名称：文件的格式不变，名称应仍以 {suffix} 结尾。")


def renamed(document: Document, name: str) -> Document:
    """The document under a new id; what its old name had said of it, the new one says.

    Raises:
        InputError: ``name`` is no relative path, or does not end as the old one.
    """
    _check_name(name, PurePosixPath(document.id).suffix)
    said, says = (describe(document.text, PurePosixPath(n).stem) for n in (document.id, name))
    taken = {one for one in _READ if getattr(document, one) == getattr(said, one)}
    if document.layout and document.layout.title:
        # The file gives its title, whatever its name.
        taken.discard("title")
    if "region" not in taken:
        # A region that the manifest gives brings its level with it.
        taken.discard("level")
    return replace(document, id=name, **{one: getattr(says, one) for one in taken})
