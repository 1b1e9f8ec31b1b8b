"""Profiles: `default` is short and always the same; `soak` draws anew and goes on for long.

pytest tests/properties --hypothesis-profile=soak
"""

from hypothesis import HealthCheck, settings

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example]

settings.register_profile(
    "default", max_examples=100, derandomize=True, deadline=None, suppress_health_check=SLOW
)
settings.register_profile(
    "soak", max_examples=20_000, deadline=None, print_blob=True, suppress_health_check=SLOW
)
# Hypothesis chooses its own profile `ci` where it finds itself in CI.
if settings.get_current_profile_name() in {"default", "ci"}:
    settings.load_profile("default")
