"""The village's stands are staffed: agents, needs, the rota that covers them, and its day.

Agent, besoin (need), vacation (shift), planning (rota), publication, remplacement (stand-in).
"""
