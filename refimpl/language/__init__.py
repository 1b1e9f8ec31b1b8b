"""Annex B: the guest language, an ECMAScript that knows nothing of the directive."""
