"""What an index is made with: versions of the analysis, options, encoder. Like with like only."""

import hashlib
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from index import records, versions
from index.chunk import VERSION as CHUNK
from index.chunk import ChunkSize
from index.documents import Document
from index.encode import EMBEDDED, Encoder
from index.errors import IndexMismatchError
from index.normalise import VERSION as NORMALISE
from index.outline import VERSION as OUTLINE
from index.sparse import Bm25Parameters
from index.store import FORMAT, Manifest
from index.terms import VERSION as TERMS

# Each changes when the analysis does; an index made with others is refused.
VERSIONS = {
    "normalise": NORMALISE,
    "outline": OUTLINE,
    "chunk": CHUNK,
    "terms": TERMS,
    "indicators": versions.INDICATORS,
}


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """How an index is made."""

    encoder: str = EMBEDDED
    size: ChunkSize = field(default_factory=ChunkSize)
    bm25: Bm25Parameters = field(default_factory=Bm25Parameters)
    strict: bool = True

    @classmethod
    def of(cls, manifest: Manifest) -> "BuildOptions":
        """The options that an index was made with."""
        given = manifest.options
        return cls(manifest.encoder, ChunkSize(**given["size"]), Bm25Parameters(**given["bm25"]))

    @property
    def recorded(self) -> dict[str, Any]:
        """What the manifest says of them."""
        return {"size": asdict(self.size), "bm25": asdict(self.bm25)}


def digest(document: Document) -> str:
    """Checksum of all of a document but its id: what its analysis depends on."""
    rows = (records.document_line(replace(document, id="")), records.layout_line(document))
    return hashlib.sha256(b"".join(rows)).hexdigest()


def analysis_key(options: BuildOptions, encoder: Encoder) -> str:
    """Checksum of all but the document that an analysis depends on."""
    parts = (FORMAT, sorted(VERSIONS.items()), asdict(options.size), encoder.fingerprint)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]


def same_analysis(manifest: Manifest, options: BuildOptions, encoder: Encoder) -> bool:
    """Whether the analyses that an index holds may be used in one made with these."""
    return (
        manifest.versions == VERSIONS
        and manifest.fingerprint == encoder.fingerprint
        and manifest.options["size"] == options.recorded["size"]
    )


def check_versions(folder: object, manifest: Manifest) -> None:
    """Refuse an index whose texts were analysed otherwise.

    Raises:
        IndexMismatchError: names the step and both versions.
    """
    for name, expected in VERSIONS.items():
        found = manifest.versions.get(name)
        if found != expected:
            raise IndexMismatchError(
                f"索引“{folder}”的文本分析（{name}）为第 {found} 版，本程序需要第 {expected} 版。"
                "请用 guiwen index 重新建立索引。"
            )


def check_encoder(folder: object, manifest: Manifest, model: Encoder) -> None:
    """Refuse an encoder other than the one that an index was made with.

    Raises:
        IndexMismatchError: gives both names and fingerprints.
    """
    if model.fingerprint == manifest.fingerprint:
        return
    raise IndexMismatchError(
        f"索引“{folder}”由编码器“{manifest.encoder}”（{manifest.dimension} 维，"
        f"指纹 {manifest.fingerprint}）建立，现在的编码器是“{model.name}”（{model.dimension} 维，"
        f"指纹 {model.fingerprint}）。请改用原来的编码器，或重新建立索引。"
    )
