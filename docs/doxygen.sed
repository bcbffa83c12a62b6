# SPDX-License-Identifier: LGPL-2.1-or-later
# How our comments become Doxygen's. What stands behind the prototype's facts gets a line of its own.
s/^ \* (Types|Ownership|Threads|Kernel): / * @n \1: /
s/^ \* Since: / * @since /
# The @ of a set's name is no command; in `code` it is none anyway.
s/@(param|return|file|n|since)\b/\x01\1/g
:next
s/^(([^`]*`[^`]*`)*[^`]*[^`\\])@/\1\\@/
t next
s/\x01/@/g
