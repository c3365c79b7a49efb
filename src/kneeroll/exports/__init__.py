"""What a person hands to somebody else: FHIR, Open mHealth, a report of one page. Values in, text out."""
