"""Makes play logs up: what `playlog sample` writes and `playlog send` can post."""
