"""Chapter 5: ids, the registry, references on both sides, and captures at rest."""
