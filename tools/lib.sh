# lib.sh: what the scripts of tools/ share.  Sourced with $top unset; sets it.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top"

if [ -t 1 ]; then bold=$(printf '\033[1m') plain=$(printf '\033[0m'); else bold='' plain=''; fi
say() { printf '%s==> %s%s\n' "$bold" "$*" "$plain"; }
die() { printf '%s: %s\n' "${0##*/}" "$*" >&2; exit 1; }

# The newest PostgreSQL whose server files are installed, or the one PG_CONFIG names.
find_pg_config() {
  if [ -n "${PG_CONFIG:-}" ]; then printf '%s\n' "$PG_CONFIG"; return; fi
  for dir in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -t/ -k5 -rn); do
    if [ -x "$dir/pg_config" ] && [ -x "$dir/postgres" ]; then printf '%s\n' "$dir/pg_config"; return; fi
  done
  command -v pg_config || die 'no PostgreSQL server found; run "make packages" or set PG_CONFIG'
}

# The later versions of PostgreSQL that Debian has, the last a preview, and the release of Debian that has each.
later_versions='17 18 19'
debian_with() {
  case $1 in
    17) echo trixie ;;
    18) echo forky ;;
    19) echo experimental ;;
    *) return 1 ;;
  esac
}
