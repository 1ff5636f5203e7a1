"""A new article on its way into the ledger: registered with what a machine finds, then confirmed by a reader."""
