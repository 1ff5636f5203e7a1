"""What each notebook computes beyond loading and showing: one module per notebook, of its name, and what they share."""
