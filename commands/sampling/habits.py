"""What listeners do, as tables of weights: where they are, with what they play, how, how long, and when."""

#: ISO 3166-1 alpha-2, and XK for Kosovo, which real partners send.
COUNTRIES = (
    ("GB", 24.0), ("US", 17.0), ("DE", 12.0), ("FR", 8.0), ("JP", 6.0), ("BR", 5.0), ("ES", 4.0), ("IT", 4.0),
    ("CA", 3.5), ("NL", 3.0), ("SE", 2.5), ("AU", 2.5), ("PL", 2.0), ("NO", 1.5), ("IE", 1.5), ("ZA", 1.0),
    ("NZ", 1.0), ("KR", 1.0), ("NA", 0.2), ("XK", 0.3),
)  # fmt: skip

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15"

#: Letters of several scripts, an emoji, and one that is longer than the 256 characters that the contract keeps.
USER_AGENTS = (
    (f"{IPHONE} Mobile/15E148", 20.0),
    (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {CHROME} Mobile Safari/537.36", 18.0),
    ("DemoPlayer/7.4.1 (Android 14; SM-S921B; en_GB)", 14.0),
    ("DemoPlayer/7.4.0 CFNetwork/1568.300.101 Darwin/24.2.0", 12.0),
    (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36", 10.0),
    (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI}", 6.0),
    ("Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0", 3.0),
    ("okhttp/4.12.0", 3.0),
    ("Lecteur d’été/2.0 (téléviseur; modèle Évasion)", 2.0),
    ("音楽プレーヤー/3.1 (東京; Android 13)", 2.0),
    ("ДемоПлеер/5.2 (умная колонка)", 2.0),
    ("DemoPlayer/7.3.9 (Jürgens Küchenradio; Größe L)", 1.5),
    ("데모플레이어/1.8 (거실 TV)", 1.0),
    ("DemoPlayer/7.4.1 (car 🎵; head unit)", 1.0),
    ("DemoPlayer/6.0 (" + "; ".join(f"module{number}/1.{number}.0" for number in range(1, 19)) + ")", 0.5),
)

PLAY_MODES = (("online", 80.0), ("online-cached", 12.0), ("offline", 8.0))

#: None: the client leaves the field out, and it counts as a view.
PLAY_TYPES = (("view", 70.0), (None, 22.0), ("creation", 8.0))

#: How catalogue streams end; one of no seconds was never begun.
END_REASONS = (("naturalEnd", 62.0), ("userSkipped", 33.0), ("other", 5.0))

#: Formats of streams: MP3 320, MP3 128, AAC 320, FLAC 16/44.1.
FORMATS = ((17, 60.0), (26, 25.0), (33, 10.0), (45, 5.0))
#: Tracks with neighbouring numbers are on one release.
TRACKS_A_RELEASE = 12

#: How long a play lasts: at least and at most so many seconds. Zero is a clip fetched ahead and never heard.
DURATIONS = (
    ((0, 0), 6.0),  # fetched, not played
    ((1, 10), 16.0),  # skipped at once
    ((11, 29), 12.0),  # skipped
    ((30, 30), 34.0),  # the whole clip
    ((31, 59), 4.0),
    ((60, 60), 8.0),  # the long clip
    ((120, 300), 19.0),  # a whole track
    ((301, 900), 0.9),
    ((901, 7200), 0.1),  # left running
)

#: How busy each hour of the day is, in UTC: a quiet night, a rise through the day, a peak in the evening.
HOURS = (3, 2, 1, 1, 1, 2, 4, 7, 9, 9, 8, 8, 9, 9, 9, 10, 12, 14, 15, 16, 16, 14, 10, 6)

#: How clients write the moment of a play; sampling/times.py has a writer for each.
TIME_FORMS = (("milliseconds", 62.0), ("ticks", 20.0), ("seconds", 10.0), ("offset", 8.0))

#: Minutes east of UTC, for the clients that write their local time.
OFFSETS_MINUTES = (60, 120, -300, -480, 330, 540, 0)

#: Some clients write numbers as strings, which the contract allows.
TRACK_ID_AS_TEXT, SECONDS_AS_TEXT = 0.03, 0.02
