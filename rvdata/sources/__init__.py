"""One importer a publisher of primary data."""
