"""What the board, the wall and an agent's rota show."""
