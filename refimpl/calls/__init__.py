"""Chapter 7: calls as requests and responses over an in-memory network with a virtual clock."""
