"""Content of the board, of the wall screen and of an agent's rota."""
