"""What each notebook computes beyond loading and showing: one module per notebook, of the same name."""
