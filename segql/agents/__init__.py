"""For agents: the documents as topics (`pages`), and a server of the Model Context Protocol (`server`)."""
