#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# generate.sh SOURCE: the generator reads all of the headers, and refuses what it does not understand.
source=$1
. "$source/tests/tap.sh"
work=$(mktemp -d)
trap 'rm -rf "$work" "$tap_log"' EXIT
generate="python3 $source/bindings/generate.py"

functions_are_those_of_the_map()
{
	sed -n 's/^[[:space:]]*\([a-z0-9_]*\);$/\1/p' "$source/lib/libfwcore.map" | sort >"$work/map"
	$generate --format json >"$work/json" &&
		python3 -c 'import json, sys; print(*sorted(f["name"] for f in json.load(sys.stdin)["functions"]), sep="\n")' \
			<"$work/json" >"$work/functions" &&
		[ -s "$work/map" ] && diff "$work/map" "$work/functions"
}

# A prototype that differs from the header's does not compile beside it.
declarations_agree_with_the_headers()
{
	{ echo '#include <fwcore/fwcore.h>' && $generate | grep '^[^{}]*);$'; } >"$work/prototypes.c" &&
		cc -std=c99 -Werror -fsyntax-only -I"$source/include" "$work/prototypes.c" || return 1
	{ printf '#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n' && $generate; } >"$work/alone.c" &&
		cc -std=c99 -Werror -fsyntax-only "$work/alone.c"
}

# Every enumerator of the headers, with the value that the compiler gives it.
constants_have_the_compilers_values()
{
	$generate --format json >"$work/json" && python3 - "$work/json" >"$work/constants.c" <<-'END' &&
		import json, sys
		print("#include <fwcore/fwcore.h>")
		for enum in json.load(open(sys.argv[1]))["enums"]:
		    for m in enum["members"]:
		        print('_Static_assert(%s == %d, "");' % (m["name"], m["value"]))
	END
	cc -std=c11 -Werror -fsyntax-only -I"$source/include" "$work/constants.c" || return 1
	grep -ohE '^	FWC_[A-Z0-9_]+ =' "$source"/include/fwcore/*.h | tr -d '\t =' | sort >"$work/in-headers"
	sed -n 's/_Static_assert(\([A-Z0-9_]*\).*/\1/p' "$work/constants.c" | sort >"$work/in-json"
	[ -s "$work/in-headers" ] && diff "$work/in-headers" "$work/in-json"
}

sizes_compile_and_run()
{
	$generate --format sizes >"$work/sizes.c" && cc -Werror -I"$source/include" -o "$work/sizes" "$work/sizes.c" &&
		"$work/sizes" | python3 -c 'import json, sys; assert json.load(sys.stdin)["fwc_error"][""] == 512'
}

# refused LINE WORDS TEXT: a header that says TEXT ends the generator with its name, that line and those words.
refused()
{
	mkdir -p "$work/odd"
	printf '%b\n' "$3" >"$work/odd/odd.h"
	if $generate --include "$work/odd" >"$work/out" 2>"$work/err"; then
		echo "taken: $3" && cat "$work/out"
		return 1
	fi
	grep -F "odd.h:$1: " "$work/err" | grep -F "$2" || { cat "$work/err"; return 1; }
}

odd_headers_are_refused_with_file_and_line()
{
	refused 2 '`int`' '/* one */\nint fwc_x(void);' &&
		refused 1 '`long`' 'FWC_API long fwc_x(void);' &&
		refused 2 'where the name of a parameter belongs' 'struct fwc_a;\nFWC_API int fwc_x(struct fwc_a *);' &&
		refused 1 'no value' 'enum fwc_e { FWC_A };' &&
		refused 3 'preprocessor' '\n\n#define FWC_MAX 3' &&
		refused 1 'what is' 'FWC_API int fwc_x(int n, ...);' &&
		refused 1 '`typedef`' 'typedef int fwc_t;' &&
		refused 1 'what is' 'struct fwc_a { uint32_t bits : 3; };'
}

declared_twice_and_never_are_refused()
{
	refused 2 'declared twice' 'FWC_API int fwc_x(void);\nFWC_API int fwc_x(void);' || return 1
	printf 'FWC_API int fwc_x(struct fwc_nobody *n);\n' >"$work/odd/odd.h"
	! $generate --include "$work/odd" >/dev/null 2>"$work/err" && grep -F 'struct fwc_nobody' "$work/err"
}

tap functions_are_those_of_the_map functions_are_those_of_the_map
tap declarations_agree_with_the_headers declarations_agree_with_the_headers
tap constants_have_the_compilers_values constants_have_the_compilers_values
tap sizes_compile_and_run sizes_compile_and_run
tap odd_headers_are_refused_with_file_and_line odd_headers_are_refused_with_file_and_line
tap declared_twice_and_never_are_refused declared_twice_and_never_are_refused
tap_end
