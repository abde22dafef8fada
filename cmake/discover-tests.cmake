# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# cmake -D program=... -D emulator=... -D label=... -D list=... -P discover-tests.cmake
#
# Ask a test program for its cases and write one add_test() for each of their suites to the file `list`: to start the
# program for each case takes several times as long under a sanitizer, and a runner has a process for each case anyway.
# Under an emulator, which may lack what some cases of a suite need, each case has a test of its own.
# The program, which is run by the emulator if there is one, prints
#
#	suite: 2 tests
#	|-- first
#	`-- second

set(ENV{ASAN_OPTIONS} detect_leaks=0)	# these leaks are Criterion's
execute_process(COMMAND ${emulator} ${program} --list
	OUTPUT_VARIABLE output RESULT_VARIABLE result)
if(NOT result EQUAL 0)
	message(FATAL_ERROR "${program} --list failed: ${result}\n${output}")
endif()

set(command "")
foreach(word IN LISTS emulator program)
	string(APPEND command " [[${word}]]")
endforeach()
set(tests "")
set(suite "")
string(REPLACE "\n" ";" lines "${output}")
foreach(line IN LISTS lines)
	if(line MATCHES "^([A-Za-z0-9_]+): [0-9]+ tests?$")
		set(suite ${CMAKE_MATCH_1})
	elseif(suite AND line MATCHES "([A-Za-z0-9_]+)$")
		set(name ${suite})
		set(filter ${suite}/*)
		if(emulator)
			set(name ${suite}.${CMAKE_MATCH_1})
			set(filter ${suite}/${CMAKE_MATCH_1})
		endif()
		# A sanitizer's report is a failure even if the exit status is 0: leaks are looked for
		# after Criterion's verdict.  A filter that matches no test is a failure as well.
		string(APPEND tests "
add_test([[${label}.${name}]] ${command} --filter [[${filter}]])
set_tests_properties([[${label}.${name}]] PROPERTIES
	LABELS [[${label}]]
	TIMEOUT 600
	FAIL_REGULAR_EXPRESSION \"ERROR: [A-Za-z]+Sanitizer;WARNING: ThreadSanitizer;: runtime error: ;Tested: 0 \"
	ENVIRONMENT UBSAN_OPTIONS=print_stacktrace=1)")
		# Its other cases need no line of their own.
		if(NOT emulator)
			set(suite "")
		endif()
	endif()
endforeach()
if(NOT tests)
	message(FATAL_ERROR "${program} has no tests")
endif()
file(WRITE ${list} "${tests}\n")
