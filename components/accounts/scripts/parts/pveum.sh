# What scripts about users, groups, roles and realms have in common.
# shellcheck shell=bash

# exists KIND KEY NAME: whether `pveum KIND list` has it.
exists() {
  pveum "$1" list --output-format json </dev/null | has "\"$2\" *: *\"$(escaped "$3")\""
}

# escaped TEXT: for a pattern of grep.
escaped() {
  # shellcheck disable=SC2001 # one of several characters, each kept
  sed 's/[].[*^$\\]/\\&/g' <<<"$1"
}

change() {
  pveum "$@" >&2 </dev/null ||
    stop "pveum $1 $2 did not succeed" "see the lines above; without quorum nothing can be changed: pvecm status"
}
