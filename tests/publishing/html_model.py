"""What may stand in what, and which attributes there are: the part of the HTML Standard that a parser does not hold a page to.

Source: HTML Standard (html.spec.whatwg.org), "Index": lists of elements and of attributes, and the content models of §4; WAI-ARIA 1.2 for references.
Only elements that pages use are known here, so that a new one is looked up before it is used. Graphics (SVG) are left to their own rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml.html import HtmlElement

PHRASING = frozenset(
    "a abbr b bdi br button cite code data datalist dfn em i img input kbd label mark meter output progress q s samp script select small span strong sub sup svg template textarea time u var wbr".split()
)
ONLY_PHRASING = frozenset(
    "p h1 h2 h3 h4 h5 h6 span em strong small cite q dfn abbr data time code var samp kbd sub sup i b u mark bdi label button output pre".split()
)
"""Elements that hold text and phrasing content; `summary` and `legend` may also hold headings."""
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
INTERACTIVE = frozenset("a button input select textarea label details summary".split())
CHILDREN = {
    "ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}, "table": {"caption", "colgroup", "thead", "tbody", "tfoot", "tr"}, "thead": {"tr"}, "tbody": {"tr"},
    "tfoot": {"tr"}, "tr": {"th", "td"}, "colgroup": {"col"}, "select": {"option", "optgroup"}, "optgroup": {"option"}, "datalist": {"option"}, "html": {"head", "body"},
    "head": {"title", "meta", "link", "script", "style", "base"},
}  # fmt: skip
PARENTS = {
    "li": {"ul", "ol"}, "dt": {"dl", "div"}, "dd": {"dl", "div"}, "caption": {"table"}, "figcaption": {"figure"}, "legend": {"fieldset"}, "summary": {"details"}, "option": {"select", "optgroup", "datalist"},
}  # fmt: skip
FIRST = {"caption", "legend", "summary"}
"""Elements that are the first child of their parent."""
FLOW = frozenset(
    "html head body title meta link style base header footer main nav section article aside address div p pre blockquote h1 h2 h3 h4 h5 h6 hgroup hr ul ol li dl dt dd figure figcaption table caption colgroup col thead tbody tfoot tr th td form fieldset legend details summary option optgroup dialog search noscript".split()
)
EVERYWHERE = frozenset("id class lang dir hidden title tabindex role style translate inert spellcheck autofocus autocapitalize enterkeyhint inputmode".split())
ATTRIBUTES = {
    "a": "href rel hreflang download type target", "link": "rel href hreflang type media as crossorigin title sizes", "meta": "name content charset http-equiv property media",
    "script": "src type defer async", "form": "action method enctype autocomplete novalidate", "button": "type name value disabled form formaction",
    "input": "type name value placeholder required checked disabled readonly min max step minlength maxlength pattern list autocomplete size multiple accept",
    "select": "name required disabled multiple size autocomplete", "option": "value selected disabled label", "optgroup": "label disabled",
    "textarea": "name rows cols placeholder required disabled readonly minlength maxlength wrap autocomplete", "label": "for", "output": "for name", "td": "colspan rowspan headers",
    "th": "colspan rowspan headers scope abbr", "col": "span", "colgroup": "span", "time": "datetime", "data": "value", "img": "src alt width height loading decoding srcset sizes",
    "ol": "start reversed type", "li": "value", "details": "open name", "fieldset": "disabled name", "blockquote": "cite", "q": "cite", "meter": "value min max low high optimum",
    "progress": "value max", "html": "xmlns", "dialog": "open",
}  # fmt: skip
REFERENCES = frozenset("for headers list form aria-labelledby aria-describedby aria-controls aria-owns aria-details aria-activedescendant".split())


def faults(page: HtmlElement) -> Iterator[str]:
    """What the standard does not allow, each with where it is."""
    ids = [one.get("id") for one in page.iter() if isinstance(one.tag, str) and one.get("id") is not None]
    yield from (f"id {one} twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    known = set(ids)
    for one in page.iter():
        if not isinstance(one.tag, str) or any(above.tag == "svg" for above in one.iterancestors()):
            continue
        where = "/".join([*(above.tag for above in reversed(list(one.iterancestors()))), one.tag])
        yield from (f"{where}: {fault}" for fault in (*_of_attributes(one, known), *_of_place(one)))


def _of_attributes(one: HtmlElement, ids: set[str]) -> Iterator[str]:
    allowed = EVERYWHERE | set(ATTRIBUTES.get(one.tag, "").split())
    for name, value in one.items():
        if one.tag != "svg" and name not in allowed and not name.startswith(("aria-", "data-")):
            yield f"has no attribute {name}"
        if name in REFERENCES and not set(value.split()) <= ids:
            yield f"{name}={value} names nothing on the page"
        if (name in ("id", "for") and (not value or " " in value)) or (name == "href" and " " in value):
            yield f"{name} is “{value}”"
    if one.tag == "img" and one.get("alt") is None:
        yield "has no alt"


def _of_place(one: HtmlElement) -> Iterator[str]:
    above = one.getparent()
    if one.tag not in PHRASING | FLOW:
        yield "is no element that is known here"
    if above is None:
        return
    if above.tag in CHILDREN and one.tag not in CHILDREN[above.tag] | {"script", "template"}:
        yield f"does not stand in {above.tag}"
    if one.tag in PARENTS and above.tag not in PARENTS[one.tag]:
        yield f"does not stand in {above.tag}"
    if one.tag in FIRST and one.getprevious() is not None:
        yield "comes first"
    # What may stand in a link, or in the text that is marked as changed, is what may stand around it.
    holder = next((each for each in one.iterancestors() if each.tag != "a"), above)
    if one.tag not in PHRASING and (holder.tag in ONLY_PHRASING or (holder.tag in ("summary", "legend") and one.tag not in HEADINGS)):
        yield f"is no text, and {holder.tag} holds text"
    if one.tag in INTERACTIVE and any(each.tag in ("a", "button") for each in one.iterancestors()):
        yield "can be used, within something that can be"
    if one.tag in ("header", "footer", "main") and any(each.tag in ("header", "footer", "address") for each in one.iterancestors()):
        yield "within header or footer"
