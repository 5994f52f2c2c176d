# shellcheck shell=bash
# For killed and timing, which run in a guest again and again with nothing loaded. Sourced.

# What the guest itself was started with stays.
first_modules=$(cut -d ' ' -f 1 /proc/modules 2>/dev/null) || :

# Unloads what can be: IPv6 cannot.
unload_modules() {
  local unused previous=
  [[ -e /proc/modules ]] || return 0
  while
    unused=$(awk '$3 == 0 { print $1 }' /proc/modules | grep --invert-match --line-regexp --regexp="$first_modules" | sort)
    [[ $unused && $unused != "$previous" ]]
  do
    previous=$unused
    # shellcheck disable=SC2086 # several names
    rmmod $unused 2>/dev/null || :
  done
}
