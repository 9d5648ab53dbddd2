# Fills the ${NAMES} of nginx.conf from the environment: for the image, docker compose and the devstack alike.
#   awk -f deploy/render_nginx.awk nginx.conf > rendered.conf
# A line with ${TRUSTED_PROXIES} or ${INTERNAL_CALLERS} is repeated for each of its words, and left out where there is none.
# The lines between `#+ NAME` and `#- NAME` are left out where NAME is empty, those of `#+ !NAME` where it isn't.
# Any other name must be set and not empty: exit status 1 otherwise, with the name on standard error.

/^[ \t]*#\+ !/ { is_left_out = ENVIRON[substr($2, 2)] != ""; next }
/^[ \t]*#\+ / { is_left_out = ENVIRON[$2] == ""; next }
/^[ \t]*#- / { is_left_out = 0; next }
is_left_out { next }

# Comments are the template's own: names in them are text.
/^[ \t]*#/ { print; next }

match($0, /\$\{(TRUSTED_PROXIES|INTERNAL_CALLERS)\}/) {
  name = substr($0, RSTART + 2, RLENGTH - 3)
  before = substr($0, 1, RSTART - 1)
  after = substr($0, RSTART + RLENGTH)
  count = split(ENVIRON[name], addresses, " ")
  for (number = 1; number <= count; number++) {
    if (addresses[number] !~ /^[0-9A-Fa-f:.]+(\/[0-9]+)?$/)
      refuse(name, "must be addresses or CIDRs, with blanks between them")
    print before addresses[number] after
  }
  next
}

{
  line = $0
  while (match(line, /\$\{[A-Z_]+\}/)) {
    name = substr(line, RSTART + 2, RLENGTH - 3)
    value = ENVIRON[name]
    if (value == "") refuse(name, "is not set")
    if (value !~ /^[]0-9A-Za-z:.[_\/-]+$/) refuse(name, "holds a character that an address can't have")
    line = substr(line, 1, RSTART - 1) value substr(line, RSTART + RLENGTH)
  }
  print line
}

function refuse(name, rule) {
  print name " " rule > "/dev/stderr"
  exit 1
}
