"""Chapter 6: the serialization contract, independent of any wire."""
