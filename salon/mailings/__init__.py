"""Messages that organisers write to whom they choose: « Écrire ».

À qui, quoi, quand ; une adresse n'est jamais écrite deux fois ; qui ne veut plus rien recevoir.
"""
