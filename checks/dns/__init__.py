"""SPF, DKIM, DMARC and MAIL FROM of a domain, judged against what SES expects."""
