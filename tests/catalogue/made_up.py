"""Made-up releases, as SQL that any program may run."""

RELEASE = "INSERT INTO catalogue_release (release_id, title, type, artist_id) VALUES"
TRACK = "INSERT INTO catalogue_track (track_id, release_id, title, type, track_number, artist_id) VALUES"
RIGHT = "INSERT INTO catalogue_right (release_id, track_id, usage_type, country, starts_at) VALUES"


def release_statements(release_id: int, tracks: int, title: str) -> list[str]:
    """A release whose tracks may be downloaded in GB; a track's id is the release's and two digits."""
    statements = [
        "INSERT IGNORE INTO catalogue_artist (artist_id, name) VALUES (1, 'An Artist')",
        f"{RELEASE} ({release_id}, '{title}', 'Album', 1)",
    ]
    for number in range(1, tracks + 1):
        track_id = release_id * 100 + number
        statements += [
            f"{TRACK} ({track_id}, {release_id}, 'Track {number}', 'audio', {number}, 1)",
            f"{RIGHT} ({release_id}, {track_id}, 'download', 'GB', '2020-01-01')",
        ]
    return statements
