#!/bin/sh
# embed.sh SYMBOL FILE... prints a C file that holds the files as `const struct embedded SYMBOL[]`.
set -eu
symbol=$1
shift
printf '#include "base/embedded.h"\n\nconst struct embedded %s[] = {\n' "$symbol"
for file in "$@"; do
    printf '    {"%s",\n' "$(basename "$file")"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/?/\\?/g' -e 's/	/\\t/g' -e 's/.*/     "&\\n"/' "$file"
    printf '     , %s},\n' "$(($(sed -e '$a\' "$file" | wc -c)))"
done
printf '    {0, 0, 0},\n};\n'
