"""Messages: posted in the outbox by a transaction, held for a while, then sent by SMTP."""
