# shellcheck shell=bash
# Sourced by asterisk.sh and databases.sh: fetches Debian packages with the machine's own apt,
# but with a configuration and state of our own, so root is not needed.

keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# require_tools says in one line for each tool what to install, all at once.
require_tools() {
  local missing='' pair
  for pair in apt-get:apt apt-config:apt dpkg-deb:dpkg tar:tar flock:util-linux find:findutils xargs:findutils awk:mawk; do
    if ! command -v "${pair%%:*}" >/dev/null 2>&1; then
      say "missing: ${pair%%:*} - install it as root: apt-get install ${pair##*:}"
      missing=yes
    fi
  done
  if [ ! -r "$keyring" ]; then
    say "missing: $keyring - install it as root: apt-get install debian-archive-keyring"
    missing=yes
  fi
  [ -z "$missing" ] || die "cannot unpack Debian packages without these${instead:+; $instead}"
}

# mirrors prints Debian mirrors of this machine, the likeliest first. apt itself
# reads its sources, so that each format it knows is understood.
mirrors() {
  if [ -n "${LINEKEEPER_DEBIAN_MIRROR:-}" ]; then
    echo "$LINEKEEPER_DEBIAN_MIRROR"
    return
  fi
  # Rank 1 is an archive whose name ends in /debian; a third party's repository
  # with the same suite names comes later and fails the signature check anyway.
  # shellcheck disable=SC2016 # apt replaces these, not the shell
  apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
    awk '$2 == "main" && $1 !~ /-/ && $1 !~ /\// && $3 !~ /security/ {
           sub(/\/$/, "", $3)
           rank = 3
           if ($3 ~ /debian/) rank = 2
           if ($3 ~ /\/debian$/ || $3 ~ /\/archive\/debian\//) rank = 1
           print rank, $3
         }' | sort -u -k1,1n -k2 | cut -d' ' -f2-
}

# debian_config DIR MIRROR writes an apt configuration that lives wholly in DIR.
debian_config() {
  local apt=$1/apt mirror=$2
  rm -rf "$apt"
  mkdir -p "$apt"/{etc,empty,lists/partial,archives/partial}
  : >"$apt/status"
  echo "deb [signed-by=$keyring] $mirror $suite main" >"$apt/etc/sources.list"
  {
    # Proxies, time-outs and the date rules of a snapshot mirror are the
    # machine's business; what else its configuration asks for is not wanted.
    apt-config dump | awk '/^Acquire::/ && !/^Acquire::(IndexTargets|Languages|GzipIndexes|AllowInsecure|AllowWeak|AllowDowngrade)/'
    cat <<END
Dir::Etc::main "$apt/empty/apt.conf";
Dir::Etc::parts "$apt/empty";
Dir::Etc::sourcelist "$apt/etc/sources.list";
Dir::Etc::sourceparts "$apt/empty";
Dir::Etc::preferences "$apt/empty/preferences";
Dir::Etc::preferencesparts "$apt/empty";
Dir::State "$apt";
Dir::State::status "$apt/status";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt";
Dir::Cache::archives "$apt/archives";
Dir::Log "$apt";
APT::Sandbox::User "";
APT::Install-Recommends "false";
APT::Get::AllowUnauthenticated "false";
Acquire::Retries "3";
Acquire::Languages "none";
END
  } >"$apt/etc/apt.conf"
}

own_apt() { # own_apt DIR ARGUMENT...
  local dir=$1
  shift
  APT_CONFIG=$dir/apt/etc/apt.conf DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -q -y "$@"
}

# debian_fetch DIR PACKAGE... downloads the packages and all they depend on.
debian_fetch() {
  local dir=$1 mirror found='' tried='' size count start done_mb
  shift
  while read -r mirror; do
    say "[1/4] reading the package lists of $suite from $mirror"
    debian_config "$dir" "$mirror"
    if own_apt "$dir" -o APT::Update::Error-Mode=any update >"$dir/apt.log" 2>&1; then
      found=yes
      break
    fi
    tried=yes
    say "      not usable: $(grep -m 1 '^[EW]:' "$dir/apt.log" || tail -n 1 "$dir/apt.log")"
  done < <(mirrors)
  if [ -z "$tried$found" ]; then
    die "apt's sources name no Debian mirror; set LINEKEEPER_DEBIAN_MIRROR to one"
  elif [ -z "$found" ] && grep -qiE 'GPG|NO_PUBKEY|signature|signed' "$dir/apt.log"; then
    die "apt cannot verify the mirror's signature; update the keys as root: apt-get install debian-archive-keyring gpgv"
  elif [ -z "$found" ]; then
    die "no mirror gave the package lists of Debian $suite; check the network and apt's proxy, or set LINEKEEPER_DEBIAN_MIRROR"
  fi

  own_apt "$dir" install --print-uris "$@" >"$dir/uris" 2>"$dir/apt.log" ||
    die "Debian $suite does not offer $*: $(grep -m 1 '^E:' "$dir/apt.log")"
  count=$(grep -c "^'" "$dir/uris")
  size=$(awk "/^'/ {sum += \$3} END {printf \"%d\", sum / 1000000 + 0.5}" "$dir/uris")
  say "[2/4] downloading $count packages, $size MB"
  own_apt "$dir" install --download-only "$@" >"$dir/apt.log" 2>&1 9>&- &
  download=$!
  start=$SECONDS
  while kill -0 "$download" 2>/dev/null; do
    sleep 0.2
    if [ $((SECONDS - start)) -ge 10 ]; then
      done_mb=$(du -sm "$dir/apt/archives" | cut -f1)
      say "      $done_mb of $size MB"
      start=$SECONDS
    fi
  done
  wait "$download" || die "download failed: $(grep -m 1 '^E:' "$dir/apt.log")"
  download=''
}

# debian_unpack DIR ROOT unpacks what was fetched, without what nobody reads
# here, and without the set-user-id bits that a cache must not hold.
debian_unpack() {
  local dir=$1 root=$2
  # shellcheck disable=SC2016 # the inner shell's own parameters
  find "$dir/apt/archives" -maxdepth 1 -name '*.deb' -print0 |
    xargs -0 -n 8 -P "$(nproc)" bash -c '
      root=$1; shift
      set -o pipefail
      for deb; do
        dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --no-same-owner --no-same-permissions \
          --exclude="./usr/share/doc" --exclude="./usr/share/man" --exclude="./usr/share/locale" || exit 255
      done' unpack "$root" 2>"$dir/unpack.log" || die "unpacking failed: $(head -n 1 "$dir/unpack.log")"
  find "$root" -type f -perm /6000 -exec chmod ug-s {} +
}

# debian_versions DIR prints the name, version and architecture of each package.
debian_versions() {
  find "$1/apt/archives" -maxdepth 1 -name '*.deb' -printf '%f\n' | sed 's/\.deb$//; s/%3a/:/g; s/_/ /g' | LC_ALL=C sort
}
