"""Finding the figures of running text: the view of the text, the grammar, the page's furniture, the context."""
