"""Every Hypothesis test draws the same examples in every run; the soak profile searches on."""

from hypothesis import settings

settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")
