"""For agents: the documents as topics (`pages`), a server of the Model Context Protocol (`server`), a grammar of the
rules of a catalog to decode under (`grammar`).
"""
