"""What the text of a template may be: a small part of Jinja2, checked before it ever runs.

A template names what is known of a case, chooses and repeats. It cannot call, reach into, import
or compute anything: whatever else stands in it is refused with its line, so nothing an operator
writes can run long, read a file, or say what the case does not say.
"""

from collections.abc import Mapping

from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, nodes
from jinja2 import Template as Compiled
from jinja2.sandbox import ImmutableSandboxedEnvironment

from tower.outreach.variables import LISTS, VARIABLES

SUBJECT, WORDS = "subject", "words"
LONGEST_SOURCE = 20_000
LONGEST_WORDS = 4_000

_FILTERS = ("capitalize", "first", "join", "last", "length", "lower", "trim", "upper")
_MAY_STAND = (
    nodes.And, nodes.Block, nodes.Compare, nodes.CondExpr, nodes.Const, nodes.Filter, nodes.For,
    nodes.If, nodes.Name, nodes.Not, nodes.Operand, nodes.Or, nodes.Output, nodes.TemplateData,
)  # fmt: skip


class TemplateBroken(ValueError):
    """A template's text cannot be used.

    Attributes:
        line: where, counted from 1; 0 for the whole file.
    """

    def __init__(self, why: str, line: int = 0) -> None:
        self.line = line
        super().__init__(why)


class Sheet:
    """The text of one template in one language, ready to be filled in."""

    def __init__(self, source: str) -> None:
        """Read it.

        Raises:
            TemplateBroken: it is none, or does what no template may.
        """
        if len(source) > LONGEST_SOURCE:
            raise TemplateBroken(f"it is longer than {LONGEST_SOURCE} letters")
        try:
            _check(_ENVIRONMENT.parse(source))
            self._compiled: Compiled = _ENVIRONMENT.from_string(source)
        except TemplateSyntaxError as trouble:
            raise TemplateBroken(
                trouble.message or "it cannot be read", trouble.lineno
            ) from trouble
        except (RecursionError, SyntaxError, MemoryError) as trouble:  # Python's own limits
            raise TemplateBroken("it is nested too deeply") from trouble
        for block in (SUBJECT, WORDS):
            if block not in self._compiled.blocks:
                raise TemplateBroken(f"it has no block `{block}`")
            self.fill(block, _TRIAL)

    def fill(self, block: str, values: Mapping[str, object]) -> str:
        """The text of a block with values in place.

        Raises:
            TemplateBroken: a value is missing, or too many words come out.
        """
        try:
            context = self._compiled.new_context(dict(values))
            words = "".join(self._compiled.blocks[block](context))
        except TemplateError as trouble:
            raise TemplateBroken(str(trouble)) from trouble
        if len(words) > LONGEST_WORDS:
            raise TemplateBroken(f"it says more than {LONGEST_WORDS} letters")
        return words


_TRIAL: Mapping[str, object] = {
    name: ("1: x", "2: x") if name in LISTS else "x" for name in VARIABLES
}


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        autoescape=False,  # plain text; e-mails are escaped where they are made
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.clear()
    environment.tests.clear()
    kept = {name: environment.filters[name] for name in _FILTERS}
    environment.filters.clear()
    environment.filters.update(kept)
    return environment


_ENVIRONMENT = _environment()


def _check(tree: nodes.Template) -> None:
    known = VARIABLES | _names_of_loops(tree)
    for node in tree.find_all(nodes.Node):
        if not isinstance(node, _MAY_STAND):
            raise TemplateBroken(f"{type(node).__name__} may not stand in a template", node.lineno)
        if isinstance(node, nodes.Name) and node.name not in known:
            raise TemplateBroken(f"`{node.name}` is not known of a case", node.lineno)


def _names_of_loops(tree: nodes.Template) -> set[str]:
    names = set()
    for loop in tree.find_all(nodes.For):
        over, each = loop.iter, loop.target
        if not isinstance(over, nodes.Name) or over.name not in LISTS:
            raise TemplateBroken(f"only {', '.join(sorted(LISTS))} can be repeated", loop.lineno)
        if not isinstance(each, nodes.Name) or loop.recursive or each.name in VARIABLES:
            raise TemplateBroken("a loop gives each a new name and no more", loop.lineno)
        if loop.find(nodes.For) is not None:
            raise TemplateBroken("a loop may not stand in a loop", loop.lineno)
        names.add(each.name)
    return names
