"""Any program of the directive grammar is classified alike by it and by the full compiler."""

from hypothesis import HealthCheck, given, settings

from conformance.fuzz.generators.directives import PATH, module, texts
from conformance.fuzz.opinions import grammar
from tests.properties.reference import REFERENCE, budget

COMPILERS = REFERENCE, grammar.SmallGrammar()


def classified(compiler, text):
    """What a compiler says of the one module: its kind and functions, or the first refusal."""
    try:
        told = compiler.compile({PATH: module(text)})[PATH]
    except grammar.Refusal as refusal:
        return refusal.content["code"]
    return told["kind"], told["functions"]


@settings(budget(60), suppress_health_check=list(HealthCheck))
@given(texts())
def test_both_grammars_see_the_same_directives(text):
    parser, small = (classified(compiler, text) for compiler in COMPILERS)

    assert parser == small
