"""Migrations: their files, their order, the days ahead; without a database."""
