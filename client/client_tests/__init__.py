"""The tests of playlog_client: no server, no clock and no terminal but their own."""
