#!/usr/bin/env bash
# Provides Asterisk 22, its English and Russian sounds and espeak-ng, without
# root and without Docker, and prints where they are as KEY=VALUE lines.
#
#   asterisk.sh          Asterisk and espeak-ng
#   asterisk.sh bench    the same and sipp, for load tests
#
# An Asterisk 20 or newer on PATH is used as it is. Otherwise Debian's packages
# are fetched by apt from the machine's own mirror, with signatures checked and
# an apt configuration of our own, and unpacked into a private folder. Nothing
# is installed and the machine's package state is not touched.
#
# Environment (all optional):
#   LINEKEEPER_CACHE           where to unpack (default: ~/.cache/linekeeper);
#                              delete it to fetch everything anew
#   LINEKEEPER_DEBIAN_MIRROR   a Debian mirror to use instead of the machine's
#   LINEKEEPER_DEBIAN_SUITE    the Debian suite that has Asterisk (default: forky)
#
# Progress goes to stderr, so stdout can be read by a program.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
suite=${LINEKEEPER_DEBIAN_SUITE:-forky}
instead="an Asterisk 20 or newer on PATH would also do"
layout=1 # raise it when unpacked trees of an older script must not be reused

say() { echo "$*" >&2; }
die() { echo "asterisk.sh: $*" >&2; exit 1; }

# shellcheck source=demo/setup/cache.sh
. "$here/cache.sh"
# shellcheck source=demo/setup/debian.sh
. "$here/debian.sh"

# system_asterisk finds an Asterisk 20 or newer on PATH whose modules are
# complete enough, and sets bin, modules, datadir and version.
system_asterisk() {
  local found dir
  found=$(command -v asterisk) || return 1
  version=$("$found" -V 2>/dev/null | sed -n 's/^Asterisk \([0-9.]*\).*/\1/p') || return 1
  if [ "${version%%.*}" -lt 20 ] 2>/dev/null || [ -z "$version" ]; then
    say "note: $found is older than Asterisk 20 and is not used"
    return 1
  fi
  for dir in $(configured astmoddir) /usr/lib/*-linux-gnu*/asterisk/modules /usr/lib/asterisk/modules \
    /usr/lib64/asterisk/modules /usr/local/lib/asterisk/modules; do
    if [ -e "$dir/app_queue.so" ] && [ -e "$dir/app_stasis.so" ] && [ -e "$dir/chan_pjsip.so" ]; then
      modules=$dir
      break
    fi
  done
  if [ -z "${modules:-}" ]; then
    say "note: $found has no app_queue, app_stasis and chan_pjsip modules and is not used"
    return 1
  fi
  for dir in $(configured astdatadir) /usr/share/asterisk /var/lib/asterisk /usr/local/share/asterisk; do
    if [ -d "$dir/rest-api" ]; then
      datadir=$dir
      break
    fi
  done
  [ -n "${datadir:-}" ] || return 1
  bin=$found
}

configured() { # configured KEY: a directory from the system's asterisk.conf
  sed -n "s/^[[:space:]]*$1[[:space:]]*=>\{0,1\}[[:space:]]*//p" /etc/asterisk/asterisk.conf 2>/dev/null | head -n 1
}

want_bench=
case "${1:-}" in
  "") ;;
  bench) want_bench=yes ;;
  *) die "unknown argument '$1'; usage: asterisk.sh [bench]" ;;
esac

cache=$(cache_folder)
root='' bin='' modules='' datadir='' version='' espeak='' sipp=''

if system_asterisk; then
  say "Asterisk $version ready (on PATH: $bin)"
  sounds=$datadir/sounds
  espeak=$(command -v espeak-ng || true)
  if [ -z "$espeak" ] || [ ! -d "$sounds/en" ] || [ ! -d "$sounds/ru" ]; then
    tree speech espeak-ng asterisk-core-sounds-en asterisk-core-sounds-ru
    [ -n "$espeak" ] || espeak=$tree/bin/espeak-ng
    sounds=$tree/usr/share/asterisk/sounds
  fi
else
  tree asterisk asterisk espeak-ng asterisk-core-sounds-en asterisk-core-sounds-ru
  root=$tree
  bin=$tree/bin/asterisk
  modules=$(echo "$tree"/usr/lib/*-linux-gnu*/asterisk/modules)
  datadir=$tree/usr/share/asterisk
  sounds=$datadir/sounds
  espeak=$tree/bin/espeak-ng
  version=$(sed -n 's/^runs Asterisk //p' "$tree/stamp")
  say "Asterisk $version ready ($tree_state)"
fi
if [ -n "$want_bench" ]; then
  sipp=$(command -v sipp || true)
  if [ -z "$sipp" ]; then
    tree bench sip-tester
    sipp=$tree/bin/sipp
  fi
  say "sipp ready"
fi

cat <<END
ASTERISK_ROOT=$root
ASTERISK_BIN=$bin
ASTERISK_MODULES=$modules
ASTERISK_DATADIR=$datadir
ASTERISK_SOUNDS=$sounds
ASTERISK_VERSION=$version
ESPEAK=$espeak
SIPP=$sipp
END
