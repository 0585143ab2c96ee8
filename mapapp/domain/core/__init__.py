"""Rules that know no subject: dates, keyed hashes, text, names, choices."""
