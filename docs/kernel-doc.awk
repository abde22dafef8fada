# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Doxygen's input filter: the headers' comments are kernel-doc, which the kernel's own tools read,
# and this says the same in Doxygen's words.  Line numbers stay.
#
#	/** hf_get() - one line.	->	/** one line.
#	 * @index: which.		->	 * \param index which.
#	 * Return: the @index.		->	 * \return the `index`.
#	 * Context: where.		->	 * \remark Context: where.

# Also behind a member: int n;	/**< what is in it */
/\/\*\*/ { comment = 1 }

comment && !/@file$/ {
	if (match($0, /^[ \t]*(\/\*)?\*[ \t]+[A-Za-z_0-9]+\(\) - /)) {
		lead = substr($0, 1, RLENGTH)
		rest = substr($0, RLENGTH + 1)
		sub(/[A-Za-z_0-9]+\(\) - $/, "", lead)
		$0 = lead rest
	}
	if ($0 ~ /^[ \t]*\*[ \t]+@[A-Za-z_0-9.]+:/) {
		sub(/@/, "\\param ")
		sub(/:/, "")
	}
	sub(/^[ \t]*\* Return:/, " * \\return")
	sub(/^[ \t]*\* Context:/, " * \\remark Context:")
	while (match($0, /@[a-z_][a-z_0-9]*/))
		$0 = substr($0, 1, RSTART - 1) "`" substr($0, RSTART + 1, RLENGTH - 1) "`" \
			substr($0, RSTART + RLENGTH)
}

/\*\// { comment = 0 }

# To Doxygen, a use of a defining macro looks like a function without a comment.
/^HF_[A-Z_]+_DEFINE\(.*\);$/ { $0 = "" }

{ print }
