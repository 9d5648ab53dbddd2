"""The countries that a log may name: ISO 3166-1 alpha-2, and XK, which is in use for Kosovo everywhere but there."""

_LINES = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV",
    "BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES",
    "ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE",
    "IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY",
    "MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU",
    "NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM",
    "SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE",
    "VG VI VN VU WF WS YE YT ZA ZM ZW XK",
)
CODES = frozenset(code for line in _LINES for code in line.split())

#: Codes that people send for a country that has another one.
HINTS = {"UK": "GB", "EL": "GR", "EN": "GB"}

#: Every way to write a code with capitals or without, and the code: one look-up checks and translates.
CANONICAL = {
    spelling: code for code in CODES for spelling in (code, code.lower(), code.capitalize(), code[0].lower() + code[1])
}


def explain_country(value: str) -> str | None:
    """What is wrong with a country, as the end of a sentence; None when nothing is."""
    if value in CANONICAL:
        return None
    hint = HINTS.get(value.upper())
    return f"must be a country code of ISO 3166-1 alpha-2{f'; use {hint}' if hint else ', such as GB'}"
