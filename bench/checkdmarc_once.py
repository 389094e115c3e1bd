"""checkdmarc on one domain, as its command line runs it: ``ADDRESS PORT DOMAIN``.

Its command line takes no port for plain DNS; its API takes a name server that has one.
"""

from __future__ import annotations

import sys

from checkdmarc import check_domains, results_to_json
from dns.nameserver import Do53Nameserver


def main() -> None:
    """Check the domain and print the JSON."""
    address, port, domain = sys.argv[1:]
    results = check_domains([domain], nameservers=[Do53Nameserver(address, int(port))])
    print(results_to_json(results))


if __name__ == "__main__":
    main()
