# What a token is besides its secret. It goes with the token.
# shellcheck shell=bash
# shellcheck disable=SC2154 # set in front of this text
change user token modify "$ACCOUNT" "$TOKEN" --comment "$COMMENT" --expire "$EXPIRES" --privsep "$SEPARATED"
say "token $TOKEN of $ACCOUNT is as described"
