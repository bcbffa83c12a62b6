#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# source.sh SOURCE: rules of the house that a program can check.
source=$1
. "$source/tests/tap.sh"
cd "$source" || exit 1

code()
{
	find lib include examples tests -name '*.[ch]' | sort
}

licensed()
{
	! { code; find bindings lib include examples tests -name meson.build -o -name '*.sh' -o -name '*.py' -o -name '*.go'; } | xargs grep -L 'SPDX-License-Identifier: LGPL-2.1-or-later' |
		grep .
}

finished()
{
	# In pieces, or this line would find itself.
	! find bindings lib include examples tests docs meson.build -type f ! -path '*/corpus/*' |
		xargs grep -nE 'TO''DO|FIX''ME|XX''X:|not impl''emented'
}

quiet()
{
	! find lib -name '*.c' | xargs grep -nE '\b(printf|puts|perror|putchar|exit|abort)\(|\bstd(out|err)\b'
}

tap every_file_names_the_licence licensed
tap nothing_is_left_to_do finished
tap library_never_prints_and_never_exits quiet
tap_end
