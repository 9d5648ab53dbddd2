"""Makes a day's report from the data centre's database, with the proof that the day is complete."""
