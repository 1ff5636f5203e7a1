"""What articles state, and one importer a publisher of primary data."""
