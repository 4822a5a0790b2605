"""The kinds of finding, and what one finding says: the words that every report and every comparison goes by."""

from dataclasses import dataclass
from enum import Enum


class FindingKind(Enum):
    """What can be wrong; the value is its name in every report. `MEANINGS` says what each is, and by which rule."""

    BEFORE_CONSENT = "before-consent"
    STORE_BEFORE_CONSENT = "store-before-consent"
    OTHER_HOST_BEFORE_CONSENT = "other-host-before-consent"
    REFUSAL_IGNORED = "refusal-ignored"
    SENT_AFTER_REFUSAL = "sent-after-refusal"
    KEPT_AFTER_WITHDRAWAL = "kept-after-withdrawal"
    SENT_AFTER_WITHDRAWAL = "sent-after-withdrawal"
    REVIVED = "revived"
    NOT_NECESSARY = "not-necessary"
    TOO_LONG = "too-long"
    NOT_AS_DECLARED = "not-as-declared"
    UNDECLARED = "undeclared"
    REFUSAL_HARDER = "refusal-harder"
    PRETICKED = "preticked"
    WALL = "wall"
    NO_WITHDRAWAL = "no-withdrawal"
    GPC_IGNORED = "gpc-ignored"
    PURPOSE_IGNORED = "purpose-ignored"


@dataclass(frozen=True)
class Meaning:
    """What a kind of finding says of a site, the rule that it goes by, and what to ask whoever built the site."""

    sentence: str
    source: str
    question: str


_ARTICLE = "ePrivacy Directive 2002/58/EC, article 5(3)"
_STORES = f"{_ARTICLE}; EDPB Guidelines 2/2023, on other stores than cookies"
_REFUSAL = f"{_ARTICLE}; CNIL recommendation 2020-092, on refusing as easily as accepting"
_WITHDRAWAL = "GDPR, article 7(3); CNIL on American Express, November 2025"
_DECLARED = "CJEU C-673/17 Planet49: visitors are told of each cookie, and how long it lives"

MEANINGS: dict[FindingKind, Meaning] = {
    FindingKind.BEFORE_CONSENT: Meaning(
        "A cookie that is not strictly necessary is set while the visitor has not answered.",
        _ARTICLE,
        "What sets this cookie, and why does it not wait for a yes?",
    ),
    FindingKind.STORE_BEFORE_CONSENT: Meaning(
        "localStorage, sessionStorage, IndexedDB, a Cache or a service worker is used while the visitor has not"
        " answered, for something that is not strictly necessary.",
        _STORES,
        "What is kept in the browser here, and why does it not wait for a yes?",
    ),
    FindingKind.OTHER_HOST_BEFORE_CONSENT: Meaning(
        "While the visitor has not answered, the page asks a host of another party that is a known tracker, gets a"
        " cookie, or sets one. A request without any of these is a note.",
        f"{_ARTICLE}; GDPR, article 6(1)",
        "Which part of the page asks this host, and can it wait for a yes?",
    ),
    FindingKind.REFUSAL_IGNORED: Meaning(
        "Something that needs consent is set, or still kept, after the visitor has refused.",
        _REFUSAL,
        "What still stores this after a no?",
    ),
    FindingKind.SENT_AFTER_REFUSAL: Meaning(
        "A cookie that needs consent goes out with a request after the visitor has refused.",
        f"{_ARTICLE}: reading is held to the same rule as storing",
        "Why is this cookie not deleted at the refusal?",
    ),
    FindingKind.KEPT_AFTER_WITHDRAWAL: Meaning(
        "Something that needs consent is set, or still kept, after the consent was taken back.",
        _WITHDRAWAL,
        "Why is this not deleted when the consent is taken back?",
    ),
    FindingKind.SENT_AFTER_WITHDRAWAL: Meaning(
        "A cookie that needs consent still goes out with a request after the consent was taken back.",
        _WITHDRAWAL,
        "Who still reads this cookie after the consent is taken back?",
    ),
    FindingKind.REVIVED: Meaning(
        "A cookie that the visitor deleted comes back with the same value, which another visitor does not have.",
        "EDPB Guidelines 2/2023; WP29 Opinion 9/2014, on identifiers that outlive their deletion",
        "From which other store or fingerprint does the old value come back?",
    ),
    FindingKind.NOT_NECESSARY: Meaning(
        "The site calls a cookie strictly necessary, and it is a tracker's, another party's, or told to one.",
        "WP29 Opinion 04/2012; CNIL on Condé Nast, November 2025",
        "Which service that the visitor asked for fails without this cookie?",
    ),
    FindingKind.TOO_LONG: Meaning(
        "A cookie lives longer than 13 months, by the browser's word or by that of who set it.",
        "CNIL recommendation 2020-092; WP29 Opinion 04/2012, on lifetimes in proportion",
        "Why must this cookie live so long?",
    ),
    FindingKind.NOT_AS_DECLARED: Meaning(
        "A cookie has other attributes than the site declares, or a longer life.",
        _DECLARED,
        "Which is right: the declaration, or the cookie?",
    ),
    FindingKind.UNDECLARED: Meaning(
        "The site declares what it stores, and this is not among it.",
        _DECLARED,
        "What is this for, and who declares it?",
    ),
    FindingKind.REFUSAL_HARDER: Meaning(
        "To refuse takes more clicks than to accept, or can't be done on the first layer, or not at all.",
        f"{_REFUSAL}; EDPB Cookie Banner Taskforce, January 2023",
        "Why is there no “Reject all” beside “Accept all”?",
    ),
    FindingKind.PRETICKED: Meaning(
        "A box for something that is not necessary is on before the visitor touched it, a “legitimate interest” too.",
        "CJEU C-673/17 Planet49; EDPB Cookie Banner Taskforce, January 2023",
        "Why is this box on before anybody chose it?",
    ),
    FindingKind.WALL: Meaning(
        "The page can't be used until the visitor answers, or accepts.",
        "EDPB Guidelines 05/2020, on cookie walls",
        "Can the page be used while the banner waits for an answer?",
    ),
    FindingKind.NO_WITHDRAWAL: Meaning(
        "After a yes, the page offers nothing by which it can be taken back.",
        "GDPR, article 7(3): as easy to withdraw as to give",
        "Where does a visitor take a yes back?",
    ),
    FindingKind.GPC_IGNORED: Meaning(
        "The browser says `Sec-GPC: 1`, and something that needs consent is stored without an answer.",
        f"{_ARTICLE}; Global Privacy Control, W3C",
        "Does anything read the Sec-GPC header?",
    ),
    FindingKind.PURPOSE_IGNORED: Meaning(
        "One purpose alone is allowed, and something of another one appears.",
        "GDPR, recital 43 and EDPB Guidelines 05/2020: consent to each purpose by itself",
        "Which purpose does this serve, and does it wait for that one?",
    ),
}


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be, in one browser and one state of consent."""

    kind: FindingKind
    engine: str
    state: str
    """The state of consent in words; for one purpose alone, with its name."""
    subject: str
    """The cookie's name, the store's item, or the host; "" where it is the banner or the page itself."""
    first_seen: str
    """The page, or what was pressed."""
    sentence: str
    """The evidence."""
    by: str = ""
    """Who did it: a script with line and column, or the response; "" if nobody can tell."""

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What makes it the same finding in another run: everything but the words of the evidence."""
        return self.kind.value, self.engine, self.state, self.subject
