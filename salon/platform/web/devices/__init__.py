"""JSON that devices send: one reader, typed by pydantic models that also describe the API."""
