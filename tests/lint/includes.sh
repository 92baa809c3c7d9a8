#!/bin/sh
# Includes point one way only: a module includes itself and what the Makefile's <module>_needs line names.
set -u
bad=0
needs() { sed -n "s/^$1_needs *:= *//p" Makefile; }
module_of() { # path of a file or of an include
    case $1 in
    control-plane/*/*) echo "control-plane-$(echo "$1" | cut -d/ -f2)" ;;
    *) echo "${1%%/*}" ;;
    esac
}
for file in $(find base policy control-plane api-client tui secrets screens console -name '*.[ch]' | sort); do
    module=$(module_of "$file")
    allowed=" $module $(needs "$module") "
    for include in $(sed -n 's/^#include "\([^"]*\)".*/\1/p' "$file"); do
        wanted=$(module_of "$include")
        case $allowed in
        *" $wanted "*) ;;
        *) echo "$file: may not include $include ($module needs only:$allowed)" && bad=1 ;;
        esac
    done
done
exit $bad
