"""Where an index is: a folder here, or a collection in a Milvus."""

from pathlib import Path

from index.milvus.address import Address, is_address

Site = Path | Address


def site(text: str) -> Site:
    """Read what the user names an index by.

    Raises:
        InputError: an address that is not of the form.
    """
    return Address.parse(text) if is_address(text) else Path(text)
