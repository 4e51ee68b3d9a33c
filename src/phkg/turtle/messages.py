"""What each fault of syntax means, in Swedish and English: what is wrong and what would be right."""

from __future__ import annotations

from phkg.turtle.faults import SyntaxFault

SENTENCES: dict[str, dict[str, str]] = {
    "not-utf8": {
        "sv": "Byten {detail} är inte UTF-8. Spara filen i teckenkodningen UTF-8.",
        "en": "The byte {detail} is not UTF-8. Save the file in the encoding UTF-8.",
    },
    "unexpected-character": {
        "sv": "Tecknet {detail} kan inte stå här. Ta bort det, eller sätt citattecken om texten.",
        "en": "The character {detail} cannot stand here. Remove it, or put quotation marks around the text.",
    },
    "name-character": {
        "sv": "Tecknet {detail} kan inte stå i ett namn med prefix. Skriv hela adressen inom <…> i stället.",
        "en": "The character {detail} cannot stand in a name with a prefix. Write the whole address within <…> instead.",
    },
    "unterminated-string": {
        "sv": "Texten saknar avslutande citattecken på samma rad. Sätt {expected} efter texten, eller skriv den inom tre citattecken om den har flera rader.",
        "en": "The text has no closing quotation mark on its line. Put {expected} after the text, or write it within three quotation marks if it has several lines.",
    },
    "unterminated-long-string": {
        "sv": "Texten som börjar här avslutas aldrig. Sätt {expected} efter den.",
        "en": "The text that begins here is never closed. Put {expected} after it.",
    },
    "unterminated-iri": {
        "sv": "Adressen som börjar med < saknar avslutande >. Sätt > direkt efter adressen, utan blanksteg eller radbrytning i den.",
        "en": "The address that begins with < has no closing >. Put > straight after the address, with no space or line break in it.",
    },
    "string-escape": {
        "sv": "{detail} är ingen giltig teckenföljd efter ett omvänt snedstreck. Skriv \\\\ för själva tecknet, eller någon av {expected}.",
        "en": "{detail} is no valid escape. Write \\\\ for a backslash itself, or one of {expected}.",
    },
    "iri-invalid": {
        "sv": "{detail} är ingen giltig adress. En adress har inga blanksteg, citattecken eller klammer; sådana tecken skrivs procentkodade, t.ex. %20.",
        "en": "{detail} is no valid address. An address has no spaces, quotation marks or braces; such characters are percent-encoded, e.g. %20.",
    },
    "iri-relative": {
        "sv": "{detail} är ingen fullständig adress. Skriv hela adressen med början, t.ex. https://.",
        "en": "{detail} is not a whole address. Write all of it with its beginning, e.g. https://.",
    },
    "undefined-prefix": {
        "sv": "Prefixet {detail} är inte angivet överst i filen. Lägg till en rad @prefix {detail} <…> .",
        "en": "The prefix {detail} is not declared at the top of the file. Add a line @prefix {detail} <…> .",
    },
    "undefined-prefix-near": {
        "sv": "Prefixet {detail} är inte angivet överst i filen. Menade du {expected}?",
        "en": "The prefix {detail} is not declared at the top of the file. Did you mean {expected}?",
    },
    "unknown-word": {
        "sv": "Ordet {detail} står för sig självt. Sätt citattecken om en text, eller ett prefix med kolon framför ett namn.",
        "en": "The word {detail} stands by itself. Put quotation marks around a text, or a prefix and a colon before a name.",
    },
    "unknown-directive": {
        "sv": "{detail} kan inte börja ett påstående. Här kan stå {expected}.",
        "en": "{detail} cannot begin a statement. What can stand here is {expected}.",
    },
    "expected-subject": {
        "sv": "{detail} kan inte vara det som ett påstående handlar om. Det ska vara ett namn med prefix eller en adress inom <…>.",
        "en": "{detail} cannot be what a statement is about. It must be a name with a prefix or an address within <…>.",
    },
    "expected-predicate": {
        "sv": "{detail} kan inte stå här. Här väntas en egenskap: ett namn med prefix, en adress inom <…> eller a.",
        "en": "{detail} cannot stand here. A property is expected: a name with a prefix, an address within <…>, or a.",
    },
    "expected-object": {
        "sv": "{detail} kan inte stå här. Här väntas ett värde: en text inom citattecken, ett tal, ett namn med prefix eller en adress inom <…>.",
        "en": "{detail} cannot stand here. A value is expected: a text in quotation marks, a number, a name with a prefix, or an address within <…>.",
    },
    "expected-separator": {
        "sv": "Det saknas ett skiljetecken före {detail}. Sätt ; om en ny egenskap följer, , om ännu ett värde följer, eller {expected} om det är slut.",
        "en": "A separator is missing before {detail}. Put ; if another property follows, , if another value follows, or {expected} if this is the end.",
    },
    "expected-dot": {
        "sv": "Det saknas en punkt efter detta. Sätt . i slutet av påståendet.",
        "en": "A full stop is missing after this. Put . at the end of the statement.",
    },
    "unexpected-dot": {
        "sv": "En rad som börjar med {detail} har ingen punkt i slutet. Ta bort punkten.",
        "en": "A line that begins with {detail} has no full stop at its end. Remove the full stop.",
    },
    "expected-prefix-name": {
        "sv": "{detail} är inget prefix. Skriv prefixet med ett kolon efter, t.ex. skos: .",
        "en": "{detail} is no prefix. Write the prefix followed by a colon, e.g. skos: .",
    },
    "expected-iri": {
        "sv": "{detail} kan inte stå här. Här väntas en hel adress inom <…>.",
        "en": "{detail} cannot stand here. A whole address within <…> is expected.",
    },
    "expected-datatype": {
        "sv": "{detail} är ingen datatyp. Efter ^^ väntas ett namn med prefix, t.ex. xsd:date.",
        "en": "{detail} is no datatype. After ^^ a name with a prefix is expected, e.g. xsd:date.",
    },
    "language-tag": {
        "sv": "{detail} är ingen giltig språkkod. Skriv t.ex. @sv eller @en direkt efter texten.",
        "en": "{detail} is no valid language tag. Write e.g. @sv or @en straight after the text.",
    },
    "unexpected-end": {
        "sv": "Filen tar slut mitt i ett påstående. Skriv färdigt påståendet och sätt {expected} sist.",
        "en": "The file ends in the middle of a statement. Finish the statement and put {expected} last.",
    },
    "too-deep": {
        "sv": "Här är fler än {expected} klamrar eller parenteser inuti varandra. Ge de inre delarna egna namn.",
        "en": "There are more than {expected} brackets within each other here. Give the inner parts names of their own.",
    },
}


def sentence(fault: SyntaxFault, language: str) -> str:
    """The fault as a sentence in the language ("sv"); a language without sentences gets English."""
    code = "undefined-prefix-near" if fault.code == "undefined-prefix" and fault.expected else fault.code
    by_language = SENTENCES[code]
    return by_language.get(language, by_language["en"]).format(detail=fault.detail, expected=fault.expected)
