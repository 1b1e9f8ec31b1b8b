"""Chapter 10: the React Flight profile, as codecs that are fed bytes and give bytes, and never wait."""
