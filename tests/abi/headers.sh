#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# headers.sh SOURCE: each public header compiles alone, in every language that may include it.
source=$1
. "$source/tests/tap.sh"

# compile COMPILER LANGUAGE FLAGS HEADER
compile()
{
	# shellcheck disable=SC2086 # the flags are several words
	echo "#include <fwcore/$4>" | "$1" -x "$2" $3 -Wall -Wextra -Werror -I"$source/include" -fsyntax-only -
}

no_kernel_headers()
{
	! grep -n '#include' "$source"/include/fwcore/*.h | grep -vE '<(fwcore/[a-z]+|stdbool|stddef|stdint)\.h>'
}

# Each alone in one C and one C++; what includes them all in the others.
while read -r compiler language standard headers; do
	name=$(echo "headers_compile_with_${compiler}_as_$standard" | tr '+' 'x')
	if ! command -v "$compiler" >/dev/null; then
		tap_skip "$name" "$compiler is not installed"
		continue
	fi
	every()
	{
		for header in "$source"/include/fwcore/$headers; do
			compile "$compiler" "$language" "-std=$standard -pedantic-errors" "${header##*/}" || return 1
		done
	}
	tap "$name" every
done <<-END
	gcc c c99 *.h
	gcc c c11 fwcore.h
	gcc c c2x fwcore.h
	g++ c++ c++11 *.h
	g++ c++ c++20 fwcore.h
	clang c c99 fwcore.h
	clang c c11 fwcore.h
	clang c c2x fwcore.h
	clang++ c++ c++11 fwcore.h
END

# A hole in a struct could not be told from a field that a newer caller sets.
tap no_public_struct_has_implicit_padding compile gcc c "-std=c99 -Wpadded" fwcore.h
# A field that came where an old struct ended in padding would not make it larger: an old program's rubbish would be
# read. gcc's i386 with 8-byte alignment stands for 32-bit ARM, MIPS and PowerPC.
no_padding_at_the_end()
{
	! echo '#include <fwcore/fwcore.h>' |
		gcc -x c -std=c99 -ffreestanding -m32 "$@" -Wpadded -I"$source/include" -fsyntax-only - 2>&1 |
		grep 'padding struct size'
}
if echo | gcc -x c -m32 -malign-double -fsyntax-only - 2>/dev/null; then
	tap no_public_struct_ends_in_padding_with_32_bits no_padding_at_the_end
	tap no_public_struct_ends_in_padding_with_32_bits_and_wide_alignment no_padding_at_the_end -malign-double
else
	tap_skip no_public_struct_ends_in_padding_with_32_bits "gcc has no -m32 here"
fi
tap headers_include_nothing_but_the_language no_kernel_headers
if command -v clang >/dev/null; then
	tap every_documented_parameter_exists compile clang c "-std=c11 -Wdocumentation" fwcore.h
else
	tap_skip every_documented_parameter_exists "clang is not installed"
fi
tap_end
