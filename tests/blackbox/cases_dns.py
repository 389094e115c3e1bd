"""The domain name, the resolver, the name servers, and what they answer."""

from __future__ import annotations

from rehearsal.example import TOKENS
from rehearsal.zone import Fault
from tests.blackbox.case import (
    NAME_SERVERS,
    NOTHING_WRONG,
    USAGE,
    Broken,
    Case,
    Change,
    not_ready,
    ready,
    undetermined,
)

T1, T2, T3 = TOKENS
OLDER_SOA = "@ SOA ns1.dnshost.example. hostmaster.dnshost.example. 2026103101 7200 3600 1209600 60"

INPUT = {
    "as-it-should-be": Case(
        title="the example itself",
        expect=ready(domain="jobmatch.zip", not_fail=NOTHING_WRONG),
    ),
    "domain-as-url": Case(
        title="someone pastes the address of the website, in capitals",
        domain="HTTPS://JobMatch.Zip./contact",
        expect=ready(domain="jobmatch.zip", not_fail=NOTHING_WRONG),
    ),
    "domain-zero-width": Case(
        title="a zero-width space came along with the copied domain",
        domain="\u200bjobmatch.zip\ufeff",
        expect=ready(domain="jobmatch.zip"),
    ),
    "domain-unicode": Case(
        title="an internationalised domain is judged in its A-label form",
        domain="BÜCHER.zip",
        origin="xn--bcher-kva.zip.",
        zone='_dmarc TXT "v=DMARC1; p=none; rua=mailto:dmarc@xn--bcher-kva.zip"',
        identity={"MailFromAttributes": {"MailFromDomain": "bounce.xn--bcher-kva.zip"}},
        expect=ready(domain="xn--bcher-kva.zip", not_fail=NOTHING_WRONG),
    ),
    "one-label": Case(title="a single label", domain="jobmatch", expect=USAGE),
    "empty-label": Case(title="two dots in a row", domain="www..jobmatch.zip", expect=USAGE),
    "star": Case(title="a wildcard for a domain", domain="*.jobmatch.zip", expect=USAGE),
    "address-of-a-person": Case(title="an e-mail address", domain="dev@jobmatch.zip", expect=USAGE),
    "label-too-long": Case(title="64 octets in a label", domain=f"{'b' * 64}.zip", expect=USAGE),
    "name-too-long": Case(
        title="254 octets in a name",
        domain=f"{'.'.join(['c' * 49] * 5)}c.zip",
        expect=USAGE,
    ),
    "ip-address": Case(title="an address instead of a name", domain="198.51.100.10", expect=USAGE),
    "nothing": Case(title="an empty argument", domain="", expect=USAGE),
    "identity-not-json": Case(
        title="the identity was saved as YAML",
        identity_text="DkimAttributes:\n  Status: SUCCESS\n",
        expect=USAGE,
    ),
    "identity-empty": Case(title="an empty identity file", identity_text="", expect=USAGE),
    "identity-a-list": Case(title="JSON of another shape", identity_text="[1, 2]", expect=USAGE),
    "unknown-option": Case(title="no such option", options=["--fast"], expect=USAGE),
    "public-suffix": Case(
        title="the domain is a public suffix",
        domain="org.uk",
        other="""
            uk. SOA ns1.nic.uk. hostmaster.nic.uk. 1 7200 3600 1209600 3600
            uk. NS ns1.nic.uk.
            org.uk. SOA ns1.nic.uk. hostmaster.nic.uk. 1 7200 3600 1209600 3600
            org.uk. NS ns1.nic.uk.
            ns1.nic.uk. A 127.0.0.13
        """,
        expect=not_ready("dns-domain-registrable"),
    ),
    "unregistered": Case(
        title="nobody has registered the domain",
        domain="jobmatsch.zip",
        expect=not_ready("dns-domain-delegated", domain="jobmatsch.zip"),
    ),
}

RESOLVER = {
    "resolver-denies-everything": Case(
        title="the resolver says NXDOMAIN to whatever it is asked",
        faults=[Broken(Fault(name=".", kind="nxdomain", under=True), ["recursive"])],
        expect=undetermined("dns-resolver-trusted", not_fail=NOTHING_WRONG),
    ),
    "resolver-invents": Case(
        title="the resolver gives an address for names that do not exist",
        other="*.com. A 192.0.2.80",
        expect=undetermined("dns-resolver-trusted", not_fail=NOTHING_WRONG),
    ),
    "resolver-without-amazon": Case(
        title="the resolver cannot find amazonses.com",
        faults=[Broken(Fault(name="amazonses.com.", kind="servfail", rdtype="TXT"), ["recursive"])],
        expect=undetermined(
            "dns-resolver-trusted", not_fail=["spf-include-valid", "spf-ses-passes"]
        ),
    ),
    "resolver-silent": Case(
        title="the resolver does not answer",
        faults=[Broken(Fault(name=".", kind="timeout", under=True), ["recursive"])],
        expect=undetermined(
            "dns-resolver-trusted",
            not_fail=NOTHING_WRONG,
            observed={"dns-resolver-trusted": ["127.0.0.1"]},
        ),
    ),
    "resolver-blocks": Case(
        title="the resolver blocks the DMARC name and says so",
        faults=[Broken(Fault(name="_dmarc", kind="blocked"), ["recursive"])],
        expect=ready(info=["dns-name-unblocked"], not_fail=["dmarc-policy-published"]),
    ),
    "resolver-finds-a-bad-signature": Case(
        title="validation of the zone fails",
        faults=[Broken(Fault(name="@", kind="bogus", under=True), ["recursive"])],
        expect=not_ready("dns-dnssec-valid"),
    ),
    "port-53-blocked": Case(
        title="the network lets nothing through to the name servers",
        options=["--view", "resolver"],
        faults=[Broken(Fault(name=".", kind="timeout", under=True), NAME_SERVERS)],
        expect=ready(
            skip=["dns-ns-consistent", "dns-ns-authoritative", "dns-tcp-open"],
            not_fail=NOTHING_WRONG,
        ),
    ),
}

SERVERS = {
    "dmarc-servfail-everywhere": Case(
        title="every server fails for the DMARC record",
        faults=[Broken(Fault(name="_dmarc", kind="servfail", rdtype="TXT"))],
        expect=undetermined(
            "dmarc-policy-published",
            not_fail=[
                "dmarc-policy-published",
                "dmarc-record-placed",
                "dmarc-record-organization",
            ],
        ),
    ),
    "dmarc-silent-everywhere": Case(
        title="no server answers for the DMARC record",
        faults=[Broken(Fault(name="_dmarc", kind="timeout", rdtype="TXT"))],
        expect=undetermined(
            "dmarc-policy-published", "dns-answers-received", not_fail=["dmarc-policy-published"]
        ),
    ),
    "failed-and-unknown": Case(
        title="one record is missing, another could not be read: not ready",
        remove=[f"{T2}._domainkey CNAME"],
        faults=[Broken(Fault(name="_dmarc", kind="servfail", rdtype="TXT"))],
        expect=not_ready("dkim-cname-present", unknown=["dmarc-policy-published"]),
    ),
    "second-server-lacks-a-record": Case(
        title="a DKIM record did not reach the second name server",
        at={"ns2": Change(remove=[f"{T3}._domainkey CNAME"])},
        expect=not_ready("dns-ns-consistent"),
    ),
    "second-server-fails-for-a-name": Case(
        title="the second name server fails for MAIL FROM, the first answers",
        faults=[Broken(Fault(name="bounce", kind="servfail", rdtype="TXT"), ["ns2"])],
        expect=undetermined("dns-ns-consistent", not_fail=NOTHING_WRONG),
    ),
    "second-server-behind": Case(
        title="the second name server has yesterday's zone",
        at={"ns2": Change(zone=OLDER_SOA)},
        expect=ready(warn=["dns-soa-serial-equal"]),
    ),
    "second-server-without-tcp": Case(
        title="a firewall drops TCP to the second name server",
        faults=[Broken(Fault(name=".", kind="notcp", under=True), ["ns2"])],
        expect=ready(warn=["dns-tcp-open"]),
    ),
    "second-server-lame": Case(
        title="the second name server does not know the zone",
        faults=[Broken(Fault(name=".", kind="refused", under=True), ["ns2"])],
        expect=ready(warn=["dns-ns-redundant"], not_fail=["dns-ns-consistent"]),
    ),
    "all-servers-refuse": Case(
        title="no listed name server serves the zone",
        faults=[Broken(Fault(name=".", kind="refused", under=True), NAME_SERVERS)],
        expect=not_ready(
            "dns-ns-authoritative",
            not_fail=["dkim-cname-present", "dmarc-policy-published", "mail-from-mx-single"],
        ),
    ),
    "all-servers-refer-upwards": Case(
        title="the name servers send everyone to the root",
        faults=[Broken(Fault(name=".", kind="lame", under=True), NAME_SERVERS)],
        expect=not_ready("dns-ns-authoritative"),
    ),
    "all-servers-without-authority": Case(
        title="the name servers answer from a cache",
        faults=[Broken(Fault(name=".", kind="noaa", under=True), NAME_SERVERS)],
        expect=not_ready("dns-ns-authoritative"),
    ),
    "all-servers-silent": Case(
        title="no name server answers",
        faults=[Broken(Fault(name=".", kind="timeout", under=True), NAME_SERVERS)],
        expect=undetermined("dns-ns-authoritative", not_fail=NOTHING_WRONG),
    ),
    "without-edns": Case(
        title="old name servers that know no EDNS",
        faults=[Broken(Fault(name=".", kind="noedns", under=True), NAME_SERVERS)],
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "one-server": Case(
        title="a single name server",
        zone="@ NS ns1.dnshost.example.",
        at={"parent": Change(zone="jobmatch NS ns1.dnshost.example.")},
        expect=ready(warn=["dns-ns-redundant"]),
    ),
    "registrar-lists-another": Case(
        title="the registrar and the zone name different servers",
        at={
            "parent": Change(
                zone="jobmatch NS ns1.dnshost.example.\njobmatch NS old.dnshost.example."
            )
        },
        other="old.dnshost.example. A 127.0.0.12",
        expect=ready(warn=["dns-delegation-matched"]),
    ),
    "unreachable-ipv6": Case(
        title="the name servers also have IPv6, which this host has not",
        other="""
            ns1.dnshost.example. AAAA 2001:db8:53::1
            ns2.dnshost.example. AAAA 2001:db8:53::2
        """,
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "denies-the-zone": Case(
        title="the second name server denies every name, and resolvers believe it",
        faults=[Broken(Fault(name=".", kind="nxdomain", under=True), ["ns2"])],
        expect=not_ready(
            "dns-ns-consistent",
            warn=["dns-ns-redundant"],
            not_fail=["dns-ns-authoritative", "dkim-cname-present"],
            fix=["ns2.dnshost.example"],
        ),
    ),
    "address-not-looked-up": Case(
        title="the resolver cannot look up the second name server",
        faults=[Broken(Fault(name="ns2.dnshost.example.", kind="servfail"), ["recursive"])],
        expect=undetermined("dns-ns-consistent", "dns-ns-redundant", not_fail=NOTHING_WRONG),
    ),
    "one-answer-without-authority": Case(
        title="no name server answers for _dmarc with authority",
        faults=[Broken(Fault(name="_dmarc", kind="noaa", rdtype="TXT"), ["ns1", "ns2"])],
        expect=undetermined(
            "dns-answers-received", "dmarc-policy-published", not_fail=NOTHING_WRONG
        ),
    ),
    "truncated-here-silent-there": Case(
        title="the SPF answer cannot be fetched from one server, the other is silent",
        faults=[
            Broken(Fault(name="bounce", kind="truncate", rdtype="TXT"), ["ns1"]),
            Broken(Fault(name="bounce", kind="timeout", rdtype="TXT"), ["ns2"]),
        ],
        expect=undetermined("spf-answer-retrievable", "spf-record-present", not_fail=NOTHING_WRONG),
    ),
    "lame-below-a-cut": Case(
        title="one of two name servers does not serve the zone of MAIL FROM",
        zone="""
            bounce SOA ns1.dnshost.example. hostmaster.dnshost.example. 1 7200 3600 1209600 3600
            bounce NS ns1.dnshost.example.
            bounce NS ns2.dnshost.example.
        """,
        faults=[Broken(Fault(name="bounce", kind="refused"), ["ns2"])],
        expect=ready(
            warn=["dns-ns-redundant", "dns-zone-uncut"],
            not_fail=["dns-ns-consistent"],
            fix=["ns2.dnshost.example"],
        ),
    ),
    "strings-cut-elsewhere": Case(
        title="the second name server cuts the SPF record into two strings",
        at={"ns2": Change(zone='bounce TXT "v=spf1 include:amazon" "ses.com ~all"')},
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "loop-on-the-resolver": Case(
        title="an alias loop, judged on the resolver, which answers SERVFAIL",
        options=["--view", "resolver"],
        remove=["_dmarc TXT"],
        zone="""
            _dmarc CNAME a
            a CNAME b
            b CNAME a
        """,
        expect=not_ready("dns-cname-loop-free", fix=["_dmarc.jobmatch.zip"]),
    ),
}

NAMES = {
    "apex-alias": Case(
        title="the apex is an alias of a web host",
        remove=["@ A", "@ MX"],
        zone="@ CNAME web.example.",
        other="web.example. A 203.0.113.44",
        expect=not_ready("dns-apex-unaliased"),
    ),
    "wildcard-stands-in": Case(
        title="a wildcard answers for the DKIM names",
        remove=[f"{token}._domainkey CNAME" for token in TOKENS],
        zone="* CNAME web.example.",
        other="web.example. A 203.0.113.44",
        expect=not_ready(
            "dkim-cname-target", "dns-names-explicit", warn=["dns-wildcard-unmatched"]
        ),
    ),
    "empty-non-terminal-denied": Case(
        title="the DNS host denies _domainkey although names stand below it",
        faults=[Broken(Fault(name="_domainkey", kind="nxdomain"))],
        expect=ready(warn=["dns-ent-answered"]),
    ),
    "alias-beside-text": Case(
        title="MAIL FROM has an alias beside its records",
        zone="bounce CNAME mail",
        expect=not_ready("dns-cname-alone", "mail-from-domain-unaliased"),
    ),
    "two-aliases": Case(
        title="two aliases at one DKIM name",
        zone=f"""
            {T1}._domainkey CNAME {T1}.c7x2.dkim.us-west-2.amazonses.com.
            {T1}._domainkey CNAME {T1}.dkim.amazonses.com.
        """,
        expect=not_ready("dns-cname-alone"),
    ),
    "alias-loop": Case(
        title="the DMARC alias leads back to itself",
        remove=["_dmarc TXT"],
        zone="_dmarc CNAME _dm\n_dm CNAME _dmarc",
        expect=not_ready("dns-cname-loop-free"),
    ),
    "alias-chain": Case(
        title="nine aliases from the DMARC name to its record",
        remove=["_dmarc TXT"],
        zone="\n".join(
            [
                "_dmarc CNAME c1",
                *(f"c{n} CNAME c{n + 1}" for n in range(1, 9)),
                'c9 TXT "v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"',
            ]
        ),
        expect=ready(warn=["dns-cname-chain-short"], not_fail=["dmarc-*"]),
    ),
    "zone-cut": Case(
        title="MAIL FROM is delegated to name servers of its own",
        zone="""
            bounce SOA ns1.dnshost.example. hostmaster.dnshost.example. 1 7200 3600 1209600 3600
            bounce NS ns1.dnshost.example.
            bounce NS ns2.dnshost.example.
        """,
        expect=ready(warn=["dns-zone-uncut"]),
    ),
    "ttl-short": Case(
        title="a TTL of half a minute",
        zone='_dmarc 30 TXT "v=DMARC1; p=none; rua=mailto:dmarc@jobmatch.zip"',
        expect=ready(info=["dns-ttl-moderate"], not_fail=NOTHING_WRONG),
    ),
    "ttl-long": Case(
        title="TTLs of two days",
        zone="""
            bounce 172800 MX 10 feedback-smtp.us-west-2.amazonses.com.
            bounce 172800 TXT "v=spf1 include:amazonses.com ~all"
        """,
        expect=ready(info=["dns-ttl-moderate"], not_fail=NOTHING_WRONG),
    ),
    "letter-case": Case(
        title="letter case of names and targets means nothing",
        zone=f"""
            BOUNCE MX 10 Feedback-SMTP.US-West-2.AmazonSES.com.
            {T1.upper()}._DOMAINKEY CNAME {T1}.C7X2.DKIM.us-west-2.AMAZONSES.COM.
        """,
        expect=ready(not_fail=NOTHING_WRONG),
    ),
    "resolver-is-behind": Case(
        title="the resolver still has an old DMARC record in its cache",
        at={"recursive": Change(zone='_dmarc 120 TXT "v=DMARC1; p=reject"')},
        expect=ready(
            warn=["dns-answers-propagated"],
            observed={"dmarc-policy-published": ["effective: none from _dmarc.jobmatch.zip"]},
        ),
    ),
}

CASES = {**INPUT, **RESOLVER, **SERVERS, **NAMES}
