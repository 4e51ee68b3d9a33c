"""Calls within templates, quickly: pages consist of thousands of them, and most are of a macro, a piece of text or a word of the program.

Jinja looks at each thing that is called for what it wants to be given, by its type and by that of its `__call__`; here that is done only for what is
neither macro nor plain function. A word of the program without numbers or names in it is translated once for a language.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from gettext import NullTranslations
from types import BuiltinFunctionType, CodeType, FunctionType, MethodType
from typing import Any

from jinja2 import Environment, Template, pass_eval_context
from jinja2.nodes import EvalContext
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

KEPT = 1 << 14
"""Outputs of macros that are kept for each language."""
SPECIAL = re.compile("""[&<>'"]""")
"""What has to be escaped."""
PLAIN = frozenset((FunctionType, MethodType, BuiltinFunctionType, type(lru_cache(lambda: None))))
"""Types of what is called with nothing but its arguments, unless it says otherwise."""


class Calls(Context):
    """The variables of a template and how it calls things; the same as Jinja's, in a fraction of the time."""

    def call(__self, __obj: Any, *args: Any, **kwargs: Any) -> Any:  # What is called may have an argument named self
        """Call something with arguments; it is given the context first if it is marked so."""
        kind = type(__obj)
        if kind is Macro:
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(__self.eval_ctx, *args, **kwargs)
        if kind in PLAIN and not hasattr(__obj, "jinja_pass_arg"):
            kwargs.pop("_loop_vars", None)
            kwargs.pop("_block_vars", None)
            return __obj(*args, **kwargs)
        return super().call(__obj, *args, **kwargs)


def shown(value: Any) -> str:
    """What a template shows of a value, escaped. Jinja makes a Markup of every piece; here a piece that is only joined to others stays plain text."""
    if type(value) is Markup or (type(value) is str and SPECIAL.search(value) is None):
        return value
    return escape(value)


class Quick(Template):
    """A template whose pieces are escaped by `shown`."""

    @classmethod
    def from_code(cls, environment: Environment, code: CodeType, globals: Any, uptodate: Any = None) -> Template:
        """The template of code that Jinja has made; such code calls what escapes by this name."""
        made = super().from_code(environment, code, globals, uptodate)
        made.root_render_func.__globals__["escape"] = shown
        return made


def install(environment: Environment, translations: NullTranslations) -> None:
    """Let an environment translate with these words and call quickly; what its templates show is escaped where they are to escape."""
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]

    @lru_cache(None)
    def plain(message: str) -> Markup:
        return Markup(translations.gettext(message)) % {}  # noqa: S704 - the words of the program

    @lru_cache(None)
    def form(message: str) -> Markup:
        return Markup(translations.gettext(message))  # noqa: S704 - the words of the program

    @pass_eval_context
    def gettext(about: EvalContext, message: str, **values: Any) -> str:
        if not about.autoescape:
            return translations.gettext(message) % values
        return form(message) % values if values else plain(message)

    @pass_eval_context
    def ngettext(about: EvalContext, singular: str, plural: str, number: int, **values: Any) -> str:
        found = translations.ngettext(singular, plural, number)
        return (Markup(found) if about.autoescape else found) % {"num": number, **values}  # noqa: S704 - the words of the program

    known: dict[tuple[Any, ...], Markup] = {}

    def remembered(macro: Macro, *also: Any) -> Callable[..., Markup]:
        """A macro whose output is kept by its arguments: for one that is made of nothing but these, its language, and what is given `also`."""

        def known_or_made(*given: Any) -> Markup:
            key = (macro.name, also, given)
            found = known.get(key)
            if found is None:
                if len(known) >= KEPT:
                    known.clear()
                found = known[key] = macro(*given)
            return found

        return known_or_made

    environment.context_class = Calls
    environment.template_class = Quick
    environment.globals |= {"gettext": gettext, "ngettext": ngettext, "_": gettext, "remembered": remembered}
