-- Keys are deleted by their age, in chunks: without this each chunk would read the whole table.
ALTER TABLE idempotency_key ADD KEY booked_at (booked_at);
