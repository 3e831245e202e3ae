#!/bin/sh
# Names every missing prerequisite at once, with what to install. Prints nothing when all is there.
missing=0

# need PROGRAM VERSION HAVE ADVICE: HAVE is empty when the program is missing.
need() {
  if [ -z "$3" ]; then
    echo "$1 is missing. $4" >&2
    missing=1
  elif [ "$(printf '%s\n%s\n' "$2" "$3" | sort -t. -k1,1n -k2,2n | head -n 1)" != "$2" ]; then
    echo "$1 is version $3, but $2 or newer is needed. $4" >&2
    missing=1
  fi
}

number() {
  sed -n 's/^[^0-9]*\([0-9][0-9]*\.[0-9][0-9]*\).*/\1/p' | head -n 1
}

need git 2.0 "$(git --version 2>/dev/null | number)" "Debian: apt-get install git"
need node 20.0 "$(node --version 2>/dev/null | number)" "See https://nodejs.org for a release from 20 on; Debian 13: apt-get install nodejs npm"
need npm 9.0 "$(npm --version 2>/dev/null | number)" "It comes with Node.js; Debian: apt-get install npm"
if [ "${TOOLCHAIN:-}" = system ]; then
  need pulumi 3.220 "$(pulumi version 2>/dev/null | number)" "See https://www.pulumi.com/docs/install, or unset TOOLCHAIN to build it here"
else
  need go 1.26 "$(GOTOOLCHAIN=local go version 2>/dev/null | sed 's/.*go\([0-9]\)/\1/' | number)" "See https://go.dev/doc/install"
fi
exit "$missing"
