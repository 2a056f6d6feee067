"""For editors: `segql lsp`, a server of the Language Server Protocol over the files of a project."""
