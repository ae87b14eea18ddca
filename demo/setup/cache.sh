# shellcheck shell=bash
# Sourced by asterisk.sh and databases.sh: where unpacked packages are kept
# between runs.

# cache_folder prints the cache folder after making sure that it can be written.
cache_folder() {
  local dir
  if [ -n "${LINEKEEPER_CACHE:-}" ]; then
    dir=$LINEKEEPER_CACHE
  elif [ -n "${XDG_CACHE_HOME:-}" ]; then
    dir=$XDG_CACHE_HOME/linekeeper
  elif [ -n "${HOME:-}" ]; then
    dir=$HOME/.cache/linekeeper
  else
    dir=${TMPDIR:-/tmp}/linekeeper-cache-$(id -u)
    # In a folder that all may write to, somebody else could have been first.
    mkdir -m 700 "$dir" 2>/dev/null || true
    if [ -L "$dir" ] || [ ! -d "$dir" ] || [ ! -O "$dir" ]; then
      die "HOME is not set and $dir is not a folder of yours; set LINEKEEPER_CACHE to a folder that can be written"
    fi
    chmod 700 "$dir"
  fi
  case $dir in
    /*) ;;
    *) dir=$PWD/$dir ;;
  esac
  if ! mkdir -p "$dir" 2>/dev/null || [ ! -w "$dir" ]; then
    die "cannot write to the cache folder $dir; set LINEKEEPER_CACHE to a folder that can be written"
  fi
  echo "$dir"
}

# tree NAME PACKAGE... makes sure that the packages and all they depend on are
# unpacked in one folder of the cache. It sets tree to that folder and
# tree_state to "cached" or "unpacked". Runs at the same time wait for each other.
tree() {
  local name=$1
  tree=$cache/$name-$suite
  tree_state=cached
  if tree_ready; then return; fi

  require_tools
  exec 9>"$cache/lock"
  if ! flock -n 9; then
    say "waiting for another run to finish unpacking"
    flock 9
  fi
  if ! tree_ready; then
    unpack "$@"
    tree_state=unpacked
  fi
  exec 9>&-
}

# tree_ready relies on the whole folder appearing by one rename, stamp included.
tree_ready() { [ "$(head -n 1 "$tree/stamp" 2>/dev/null)" = "layout $layout" ]; }

# unpack NAME PACKAGE... builds a tree beside its final place and renames it.
unpack() {
  local name=$1 new=$cache/.new
  shift
  rm -rf "$new" # left by a run that was killed; we hold the lock
  mkdir -p "$new/tree"
  # A background job of a script ignores Ctrl-C, so the download is ended here.
  trap 'kill "${download:-}" 2>/dev/null || true; rm -rf "$cache/.new"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  debian_fetch "$new" "$@"
  say "[3/4] unpacking"
  debian_unpack "$new" "$new/tree"
  say "[4/4] checking that it runs"
  wrappers "$new/tree"
  {
    echo "layout $layout"
    checked "$name" "$new/tree"
    debian_versions "$new"
  } >"$new/tree/stamp"
  rm -rf "$tree"
  mv "$new/tree" "$tree"
  rm -rf "$new"
  trap - EXIT INT TERM
}

# wrappers writes bin/NAME for each program, which runs it with the libraries of
# the tree; the machine's own libraries may be too old. It works in any place.
wrappers() {
  local dir=$1 lib loader program name
  lib=$(cd "$dir" && echo usr/lib/*-linux-gnu*)
  loader=$(cd "$dir" && find "$lib" -maxdepth 1 -name 'ld-linux*.so.*' -o -maxdepth 1 -name 'ld64.so.*' | head -n 1)
  [ -n "$loader" ] || die "the unpacked packages hold no program loader for this machine ($(uname -m))"
  mkdir -p "$dir/bin"
  for program in usr/sbin/asterisk usr/bin/espeak-ng usr/bin/sipp usr/sbin/mariadbd; do
    [ -x "$dir/$program" ] || continue
    name=${program##*/}
    cat >"$dir/bin/$name" <<END
#!/bin/sh
root=\$(dirname "\$(dirname "\$(readlink -f "\$0")")")
ESPEAK_DATA_PATH=\$root/$lib; export ESPEAK_DATA_PATH
exec "\$root/$loader" --library-path "\$root/$lib:\$root/$lib/pulseaudio" "\$root/$program" "\$@"
END
    chmod 755 "$dir/bin/$name"
  done
  # initdb looks for postgres beside itself, and both find their other files from
  # where they are, so their wrappers stand in their places.
  for program in "$dir"/usr/lib/postgresql/*/bin/{initdb,postgres}; do
    [ -x "$program" ] || continue
    mv "$program" "$program.real"
    cat >"$program" <<END
#!/bin/sh
root=\$(dirname "\$(readlink -f "\$0")")/../../../../..
exec "\$root/$loader" --argv0 "\$0" --library-path "\$root/$lib" "\$0.real" "\$@"
END
    chmod 755 "$program"
  done
  # The links that Debian's package scripts would make; those do not run here.
  if [ -d "$dir/usr/share/asterisk/sounds/en_US_f_Allison" ]; then
    ln -sfn en_US_f_Allison "$dir/usr/share/asterisk/sounds/en"
    ln -sfn ru_RU_f_IvrvoiceRU "$dir/usr/share/asterisk/sounds/ru"
  fi
}

# checked NAME TREE runs each program once and prints what it found.
checked() {
  local name=$1 dir=$2 out program
  if [ -x "$dir/bin/asterisk" ]; then
    out=$("$dir/bin/asterisk" -V 2>&1) || die "the unpacked Asterisk does not start: $out"
    echo "runs Asterisk $(echo "$out" | sed -n 's/^Asterisk \([0-9.]*\).*/\1/p')"
  fi
  if [ -x "$dir/bin/espeak-ng" ]; then
    out=$("$dir/bin/espeak-ng" -v ru -w "$dir/spoken.wav" "Проверка" 2>&1) || die "the unpacked espeak-ng does not speak: $out"
    [ "$(wc -c <"$dir/spoken.wav")" -gt 1000 ] || die "the unpacked espeak-ng speaks no Russian: $out"
    rm "$dir/spoken.wav"
  fi
  for program in "$dir"/usr/lib/postgresql/*/bin/postgres "$dir/bin/mariadbd"; do
    [ -x "$program" ] || continue
    out=$("$program" --version 2>&1) || die "the unpacked ${program##*/} does not start: $out"
    echo "runs $out"
  done
  if [ "$name" = bench ]; then
    out=$("$dir/bin/sipp" -v 2>&1 || true)
    case $out in
      *SIPp*) ;;
      *) die "the unpacked sipp does not start: $out" ;;
    esac
  fi
}
