"""SPF at MAIL FROM, which SES needs, and at the apex, which other mail needs."""

from __future__ import annotations

from rehearsal.zone import Fault
from tests.blackbox.case import NAME_SERVERS, NOTHING_WRONG, Broken, Case, not_ready, ready
from tests.blackbox.case import undetermined as unsure


def bounce(*values: str) -> str:
    """Return TXT lines at MAIL FROM; a value is what stands after TXT."""
    return "\n".join(f"bounce TXT {value}" for value in values)


def apex(*values: str) -> str:
    """Return TXT lines at the apex."""
    return "\n".join(f"@ TXT {value}" for value in values)


LONG = " ".join(f"ip4:203.0.113.{n}" for n in range(1, 61, 2))

RECORDS = {
    "two-records": Case(
        title="the second SPF record was added instead of merged",
        zone=bounce(
            '"v=spf1 include:amazonses.com ~all"', '"v=spf1 ip4:203.0.113.5 include:m.test -all"'
        ),
        expect=not_ready(
            "spf-record-single", fix=["include:amazonses.com", "include:m.test", "ip4:203.0.113.5"]
        ),
    ),
    "v-spf10": Case(
        title="v=spf10 is no SPF record, so there is one only",
        zone=bounce('"v=spf1 include:amazonses.com ~all"', '"v=spf10 ?all"'),
        expect=ready(
            warn=["spf-near-miss-absent"],
            not_fail=["spf-record-single", "spf-record-present", "spf-syntax-valid"],
        ),
    ),
    "leading-space": Case(
        title="a space was pasted before v=spf1",
        zone=bounce('" v=spf1 include:amazonses.com ~all"'),
        expect=not_ready(
            "spf-record-present",
            warn=["spf-near-miss-absent"],
            fix=["v=spf1 include:amazonses.com ~all"],
        ),
    ),
    "none": Case(
        title="no SPF record at MAIL FROM; the apex has one",
        remove=["bounce TXT"],
        expect=not_ready("spf-record-present", fix=["v=spf1 include:amazonses.com ~all"]),
    ),
    "strings-glued": Case(
        title="two strings, and no space where they meet",
        zone=bounce('"v=spf1 ip4:203.0.113.77" "include:amazonses.com ~all"'),
        expect=not_ready("spf-strings-joined", fix=["ip4:203.0.113.77 include:amazonses.com"]),
    ),
    "strings-split-well": Case(
        title="two strings, and the space at the end of the first",
        zone=bounce('"v=spf1 ip4:203.0.113.77 " "include:amazonses.com ~all"'),
        expect=ready(
            warn=["spf-ranges-public"],
            not_fail=["spf-strings-joined", "spf-syntax-valid", "spf-ses-passes"],
        ),
    ),
    "strings-split-in-a-word": Case(
        title="strings may be split anywhere",
        zone=bounce('"v=sp" "f1 inclu" "de:amazonses.com ~a" "ll"'),
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "no-break-space": Case(
        title="a no-break space came from a web page",
        zone=bounce('"v=spf1 include:amazonses.com\\194\\160~all"'),
        expect=not_ready("spf-text-ascii", "spf-syntax-valid"),
    ),
    "long": Case(
        title="more than 450 octets",
        zone=bounce(
            f'( "v=spf1 include:amazonses.com {LONG[:200]}"\n "{LONG[200:420]}"\n'
            f' "{LONG[420:]} ~all" )'
        ),
        expect=ready(warn=["spf-record-size"]),
    ),
    "hard-fail": Case(
        title="-all serves as well as ~all",
        zone=bounce('"v=spf1 include:amazonses.com -all"'),
        expect=ready(info=["spf-all-softfail"], not_fail=NOTHING_WRONG),
    ),
    "upper-case": Case(
        title="names of terms in capitals",
        zone=bounce('"V=SPF1 INCLUDE:AMAZONSES.COM ~ALL"'),
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "truncated-for-ever": Case(
        title="the answer does not fit UDP and TCP is closed",
        faults=[Broken(Fault(name="bounce", kind="truncate", rdtype="TXT"), NAME_SERVERS)],
        expect=not_ready("spf-answer-retrievable", not_fail=["spf-record-present"]),
    ),
    "type-99": Case(
        title="an SPF record of the old type, besides the right one",
        zone='bounce SPF "v=spf1 include:amazonses.com ~all"',
        expect=ready(info=["spf-type99-absent"], not_fail=NOTHING_WRONG),
    ),
}

TERMS = {
    "neutral-include": Case(
        title="?include names SES and does not authorise it",
        zone=bounce('"v=spf1 ?include:amazonses.com ~all"'),
        expect=not_ready(
            "spf-ses-passes",
            not_fail=["spf-syntax-valid", "spf-include-valid"],
            fix=["v=spf1 include:amazonses.com ~all"],
        ),
    ),
    "include-after-all": Case(
        title="the include was appended behind ~all",
        zone=bounce('"v=spf1 ip4:198.51.100.0/28 ~all include:amazonses.com"'),
        expect=not_ready("spf-ses-passes", warn=["spf-terms-reachable"]),
    ),
    "word-after-all": Case(
        title="an unknown word behind ~all is an error still",
        zone=bounce('"v=spf1 include:amazonses.com ~all foo"'),
        expect=not_ready("spf-syntax-valid"),
    ),
    "a-with-address": Case(
        title="an address behind a:",
        zone=bounce('"v=spf1 a:203.0.113.30 include:amazonses.com ~all"'),
        expect=not_ready("spf-addresses-valid", "spf-syntax-valid", fix=["ip4:203.0.113.30"]),
    ),
    "ipv4-for-ip4": Case(
        title="ipv4: is no mechanism",
        zone=bounce('"v=spf1 include:amazonses.com ipv4:203.0.113.30 ~all"'),
        expect=not_ready("spf-mechanisms-known", "spf-syntax-valid"),
    ),
    "prefix-too-long": Case(
        title="/33 for an IPv4 network",
        zone=bounce('"v=spf1 ip4:203.0.113.0/33 include:amazonses.com ~all"'),
        expect=not_ready("spf-addresses-valid", "spf-syntax-valid"),
    ),
    "private-network": Case(
        title="a private network is authorised",
        zone=bounce('"v=spf1 ip4:192.168.7.0/24 include:amazonses.com ~all"'),
        expect=ready(warn=["spf-ranges-public"]),
    ),
    "open-neutral": Case(
        title="strangers are neutral with ?all",
        zone=bounce('"v=spf1 include:amazonses.com ?all"'),
        expect=ready(warn=["spf-all-closed"]),
    ),
    "open-end": Case(
        title="strangers are neutral without all",
        zone=bounce('"v=spf1 include:amazonses.com"'),
        expect=ready(
            warn=["spf-all-closed"],
            not_fail=["spf-ses-passes", "spf-stranger-denied", "spf-syntax-valid"],
        ),
    ),
    "open-to-all": Case(
        title="+all lets everybody send",
        zone=bounce('"v=spf1 include:amazonses.com +all"'),
        expect=not_ready("spf-all-not-pass", "spf-stranger-denied", not_fail=["spf-ses-passes"]),
    ),
    "include-misspelt": Case(
        title="amazonsess.com",
        zone=bounce('"v=spf1 include:amazonsess.com ~all"'),
        expect=not_ready("spf-ses-passes", "spf-include-valid", fix=["include:amazonses.com"]),
    ),
    "include-twice": Case(
        title="the same include twice",
        zone=bounce('"v=spf1 include:amazonses.com include:amazonses.com ~all"'),
        expect=ready(warn=["spf-include-once"]),
    ),
    "semicolon-at-the-end": Case(
        title="a semicolon behind ~all",
        zone=bounce('"v=spf1 include:amazonses.com ~all;"'),
        expect=not_ready("spf-syntax-valid", fix=["v=spf1 include:amazonses.com ~all"]),
    ),
}

APEX = {
    "apex-none": Case(
        title="no SPF record at the apex",
        zone=apex('"site-verification=4f1c2d"'),
        expect=ready(warn=["spf-apex-present"]),
    ),
    "apex-with-ses": Case(
        title="the apex includes SES although MAIL FROM is custom",
        zone=apex('"v=spf1 include:amazonses.com mx ~all"'),
        expect=ready(info=["spf-apex-lean"], not_fail=NOTHING_WRONG),
    ),
    "apex-of-another-sender": Case(
        title="another provider sends for the apex",
        zone=apex('"v=spf1 include:_spf.mailhost.test -all"'),
        other='_spf.mailhost.test. TXT "v=spf1 ip4:35.190.247.0/24 ip4:64.233.160.0/19 ~all"',
        expect=ready(not_fail=["spf-*"]),
    ),
    "redirect-empty": Case(
        title="redirect without a name",
        zone=apex('"v=spf1 redirect= ~all"'),
        expect=not_ready("spf-syntax-valid"),
    ),
    "redirect-nowhere": Case(
        title="redirect to a name without SPF",
        zone=apex('"v=spf1 redirect=_spf.jobmatch.zip"') + '\n_spf TXT "nothing here"',
        expect=not_ready("spf-redirect-valid"),
    ),
    "redirect-twice": Case(
        title="two redirects",
        zone=apex('"v=spf1 redirect=_x.jobmatch.zip redirect=_y.jobmatch.zip"')
        + '\n_x TXT "v=spf1 -all"\n_y TXT "v=spf1 -all"',
        expect=not_ready("spf-modifiers-once"),
    ),
    "redirect-beside-all": Case(
        title="a redirect that all makes void is not followed",
        zone=apex('"v=spf1 mx redirect=nowhere.test ~all"'),
        expect=ready(warn=["spf-redirect-effective"], not_fail=["spf-redirect-valid"]),
    ),
    "redirect-qualified": Case(
        title="-redirect",
        zone=apex('"v=spf1 mx -redirect=_x.jobmatch.zip"') + '\n_x TXT "v=spf1 -all"',
        expect=not_ready("spf-modifiers-unqualified", "spf-syntax-valid"),
    ),
    "include-fails": Case(
        title="the include target gives SERVFAIL",
        zone=apex('"v=spf1 include:_spf.far.test -all"'),
        faults=[Broken(Fault(name="_spf.far.test.", kind="servfail"), ["recursive"])],
        expect=unsure("spf-include-valid", not_fail=["spf-*"]),
    ),
    "include-nowhere": Case(
        title="the include target does not exist: one void lookup",
        zone=apex('"v=spf1 include:_spf.far.test -all"'),
        expect=not_ready(
            "spf-include-valid", not_fail=["spf-voids-within-limit", "spf-voids-per-family"]
        ),
    ),
    "include-loop": Case(
        title="an include that leads back",
        zone=apex('"v=spf1 include:_x.jobmatch.zip -all"')
        + '\n_x TXT "v=spf1 include:jobmatch.zip -all"',
        expect=not_ready("spf-include-loop-free"),
    ),
    "include-open-to-all": Case(
        title="an include whose target authorises everybody",
        zone=apex('"v=spf1 include:open.test -all"'),
        other='open.test. TXT "v=spf1 +all"',
        expect=not_ready("spf-all-not-pass"),
    ),
    "voids": Case(
        title="three hosts that do not exist",
        zone=apex('"v=spf1 a:gone1.test a:gone2.test a:gone3.test -all"'),
        expect=not_ready("spf-voids-within-limit", not_fail=["spf-syntax-valid"]),
    ),
    "voids-of-one-family": Case(
        title="three hosts without IPv6",
        zone=apex('"v=spf1 a:v4a.test a:v4b.test a:v4c.test -all"'),
        other="v4a.test. A 203.0.113.1\nv4b.test. A 203.0.113.2\nv4c.test. A 203.0.113.3",
        expect=ready(warn=["spf-voids-per-family"], not_fail=["spf-voids-within-limit"]),
    ),
    "exp-nowhere": Case(
        title="a missing explanation counts for nothing",
        zone=apex('"v=spf1 ip4:203.0.113.99 -all exp=why.jobmatch.zip"'),
        expect=ready(
            warn=["spf-ranges-public"],
            not_fail=[
                "spf-syntax-valid",
                "spf-voids-within-limit",
                "spf-voids-per-family",
                "spf-terms-reachable",
            ],
        ),
    ),
    "eleven-mx-hosts": Case(
        title="mx with eleven hosts",
        zone="\n".join(
            [
                apex('"v=spf1 mx -all"'),
                *(f"@ MX 10 in{n}\nin{n} A 198.51.100.{n}" for n in range(1, 12)),
            ]
        ),
        expect=not_ready("spf-mx-hosts-limit"),
    ),
    "twelve-addresses": Case(
        title="a with twelve addresses",
        zone="\n".join([apex('"v=spf1 a -all"'), *(f"@ A 198.51.100.{n}" for n in range(1, 13))]),
        expect=ready(not_fail=["spf-*"]),
    ),
    "eleven-lookups": Case(
        title="eleven includes in a chain",
        zone=apex('"v=spf1 include:d1.test -all"'),
        other="\n".join(
            [
                *(f'd{n}.test. TXT "v=spf1 include:d{n + 1}.test -all"' for n in range(1, 11)),
                'd11.test. TXT "v=spf1 -all"',
            ]
        ),
        expect=not_ready(
            "spf-lookups-within-limit", not_fail=["spf-syntax-valid", "spf-include-loop-free"]
        ),
    ),
    "nine-lookups": Case(
        title="nine lookups leave little room",
        zone=apex('"v=spf1 ' + " ".join(f"a:h{n}.test" for n in range(1, 10)) + ' -all"'),
        other="\n".join(
            f"h{n}.test. A 203.0.113.{n}\nh{n}.test. AAAA 2001:db8::{n}" for n in range(1, 10)
        ),
        expect=ready(
            warn=["spf-lookups-headroom"],
            not_fail=["spf-lookups-within-limit"],
            observed={"spf-lookups-headroom": ["9/10"]},
        ),
    ),
    "ptr": Case(
        title="ptr is slow and discouraged",
        zone=apex('"v=spf1 ptr mx ~all"'),
        expect=ready(warn=["spf-ptr-absent"]),
    ),
    "bad-macro": Case(
        title="a percent sign that is no macro",
        zone=apex('"v=spf1 exists:%q.jobmatch.zip -all"'),
        expect=not_ready("spf-macros-valid", "spf-syntax-valid"),
    ),
    "macro-target": Case(
        title="a macro target cannot be followed beforehand",
        zone=apex('"v=spf1 exists:%{i}._x.jobmatch.zip mx -all"'),
        expect=ready(info=["spf-targets-static"], not_fail=["spf-*"]),
    ),
    "sixteen-million": Case(
        title="a /8 is authorised",
        zone=apex('"v=spf1 ip4:12.0.0.0/8 -all"'),
        expect=not_ready("spf-space-limited"),
    ),
    "two-halves": Case(
        title="two halves of the address space",
        zone=apex('"v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"'),
        expect=not_ready("spf-space-limited"),
    ),
    "sixty-five-thousand": Case(
        title="a /16 is wide",
        zone=apex('"v=spf1 ip4:20.41.0.0/16 -all"'),
        expect=ready(warn=["spf-space-narrow"], not_fail=["spf-space-limited"]),
    ),
}

CASES = {**RECORDS, **TERMS, **APEX}
