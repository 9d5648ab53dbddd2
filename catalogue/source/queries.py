"""The queries that read whole releases. `{ids}` is a list of numbers of our own."""

REPEATABLE_READ = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"
BEGIN = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"
#: Lists of countries are joined by the server; its own limit cuts them, in silence, on some versions at 1,024 bytes.
LONG_LISTS = "SET SESSION group_concat_max_len = 1000000"

RELEASES = """
SELECT v.release_id, v.version, v.changed_at, r.title, r.version_title, r.type, r.barcode, r.year, r.is_explicit,
  r.appears_as, r.duration_seconds, r.track_count, r.slug, r.image, r.url, r.genres, r.cline, r.pline, r.added_at,
  r.artist_id, a.name, a.sort_name, a.slug, a.image, a.is_placeholder_image,
  r.label_id, l.name, r.licensor_id, i.name
FROM catalogue_version AS v
LEFT JOIN catalogue_release AS r USING (release_id)
LEFT JOIN catalogue_artist AS a USING (artist_id)
LEFT JOIN catalogue_label AS l USING (label_id)
LEFT JOIN catalogue_licensor AS i USING (licensor_id)
WHERE v.release_id IN ({ids})"""

TRACKS = """
SELECT t.release_id, t.track_id, t.title, t.version_title, t.type, t.isrc, t.is_explicit, t.track_number,
  t.disc_number, t.appears_as, t.duration_seconds, t.url, t.pline, t.popularity,
  t.artist_id, a.name, a.sort_name, a.slug, a.image, a.is_placeholder_image
FROM catalogue_track AS t
LEFT JOIN catalogue_artist AS a USING (artist_id)
WHERE t.release_id IN ({ids})
ORDER BY t.release_id, t.disc_number, t.track_number, t.track_id"""

#: Moments and amounts as text: there are few different ones among many, and each is made anew once.
RIGHTS = """
SELECT release_id, track_id, usage_type, CAST(starts_at AS CHAR), CAST(ends_at AS CHAR), CAST(preview_at AS CHAR),
  GROUP_CONCAT(country ORDER BY country)
FROM catalogue_right WHERE release_id IN ({ids})
GROUP BY release_id, track_id, usage_type, starts_at, ends_at, preview_at
ORDER BY release_id, track_id, usage_type, starts_at, ends_at, preview_at"""

PRICES = """
SELECT p.release_id, p.track_id, p.package_id, k.description, p.currency, CAST(p.price AS CHAR),
  CAST(p.recommended_price AS CHAR), p.country,
  (SELECT GROUP_CONCAT(f.format_id ORDER BY f.format_id) FROM catalogue_price_format AS f
   WHERE f.release_id = p.release_id AND f.track_id = p.track_id AND f.country = p.country
     AND f.package_id = p.package_id)
FROM catalogue_price AS p
LEFT JOIN catalogue_package AS k USING (package_id)
WHERE p.release_id IN ({ids})
ORDER BY p.release_id, p.track_id, p.package_id, p.currency, p.country"""

FORMATS = "SELECT format_id, description FROM catalogue_format"
