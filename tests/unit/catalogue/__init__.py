"""Tests of the catalogue in the data centre: feeds, documents, samples, proofs."""
