"""The parser proper: tables from the grammar, a lexer that is told what may come, a machine that shifts and reduces."""
