"""The day in the village: who is at which stand, who is missing, who stands in.

Board (*tableau du jour*), stand-in (*remplacement*), exchange (*échange*), an agent's own rota.
"""
