"""What all formats share: the report, names, documents, trees, and the text that comes out."""
