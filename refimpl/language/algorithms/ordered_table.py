"""The storage of Map and Set: a hash table that remembers insertion order.

A cursor stays valid whatever is deleted or cleared under it: a removed entry keeps the way back to
the entry before it, so that the cursor finds the live list again. Every operation is O(1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

V = TypeVar("V")


class Entry(Generic[V]):
    """One key with its value, between two neighbours."""

    __slots__ = ("key", "next", "previous", "removed", "value")

    def __init__(self, key: V, value: V, previous: Entry[V] | None) -> None:
        self.key = key
        self.value = value
        self.previous = previous
        self.next: Entry[V] | None = None
        self.removed = False


class OrderedTable(Generic[V]):
    """Entries by canonical key, in the order in which they were added."""

    __slots__ = ("_entries", "_head", "_last")

    def __init__(self, head: V) -> None:
        #: A sentinel before the first entry; `head` is its key and value and is never read.
        self._head: Entry[V] = Entry(head, head, None)
        self._last = self._head
        self._entries: dict[Hashable, Entry[V]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def find(self, canonical: Hashable) -> Entry[V] | None:
        """The entry of a key, if there is one."""
        return self._entries.get(canonical)

    def put(self, canonical: Hashable, key: V, value: V) -> None:
        """Set the value of a key; a new key goes to the end."""
        entry = self._entries.get(canonical)
        if entry is not None:
            entry.value = value
            return
        entry = Entry(key, value, self._last)
        self._last.next = self._last = self._entries[canonical] = entry

    def remove(self, canonical: Hashable) -> bool:
        """Forget a key; tell whether it was there."""
        entry = self._entries.pop(canonical, None)
        if entry is None:
            return False
        entry.removed = True
        assert entry.previous is not None
        entry.previous.next = entry.next
        if entry.next is None:
            self._last = entry.previous
        else:
            entry.next.previous = entry.previous
        return True

    def clear(self) -> None:
        """Forget every key."""
        for entry in self._entries.values():
            entry.removed = True
            entry.previous = self._head
        self._entries.clear()
        self._head.next = None
        self._last = self._head

    def __iter__(self) -> Iterator[Entry[V]]:
        """The entries from first to last, whatever changes meanwhile; the end is looked for anew."""
        cursor = self._head
        while True:
            while cursor.removed:
                assert cursor.previous is not None
                cursor = cursor.previous
            if cursor.next is None:
                return
            cursor = cursor.next
            yield cursor
