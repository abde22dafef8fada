# SPDX-License-Identifier: GPL-2.0-only OR MIT
include_guard()

# holdfast_own_code(TARGET): compile this project's own code as GNU C11 and with all the warnings under
# which the headers are silent.
function(holdfast_own_code target)
	set_target_properties(${target} PROPERTIES
		C_STANDARD 11
		C_STANDARD_REQUIRED ON
		C_EXTENSIONS ON)
	target_compile_options(${target} PRIVATE
		-Wall -Wextra -Wconversion -Wshadow -Wcast-qual -Wpedantic)
endfunction()

# holdfast_find_criterion(VARIABLE): whether Criterion is there, as the target PkgConfig::CRITERION.
function(holdfast_find_criterion variable)
	find_package(PkgConfig QUIET)
	if(PkgConfig_FOUND)
		pkg_check_modules(CRITERION QUIET IMPORTED_TARGET GLOBAL criterion)
	endif()
	set(${variable} ${CRITERION_FOUND} PARENT_SCOPE)
	if(NOT CRITERION_FOUND)
		set(${variable} OFF PARENT_SCOPE)
	endif()
endfunction()

# holdfast_test_program(TARGET LABEL label SOURCES file...): a program of HF_TEST()s, and one CTest
# test for each of them.  The program lists them after it is built.
#
# Criterion runs them.  Valgrind and ThreadSanitizer cannot follow its sandboxes, so these builds use a
# runner that has the part of Criterion's interface that the tests use (tests/unit/plain).
function(holdfast_test_program target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "LABEL" "SOURCES")
	set(unit ${PROJECT_SOURCE_DIR}/tests/unit)
	add_executable(${target} ${arg_SOURCES})
	holdfast_own_code(${target})
	target_include_directories(${target} PRIVATE ${unit})
	target_link_libraries(${target} PRIVATE holdfast::holdfast)
	if(HOLDFAST_PLAIN_TESTS)
		target_sources(${target} PRIVATE ${unit}/plain/plain.c)
		target_include_directories(${target} BEFORE PRIVATE ${unit}/plain)
	else()
		if(NOT TARGET PkgConfig::CRITERION)
			holdfast_find_criterion(found)
			if(NOT found)
				message(FATAL_ERROR "The tests need Criterion (Debian: libcriterion-dev, pkgconf); -DHOLDFAST_BUILD_TESTS=OFF leaves them out")
			endif()
		endif()
		target_link_libraries(${target} PRIVATE PkgConfig::CRITERION)
	endif()

	set(list ${CMAKE_CURRENT_BINARY_DIR}/${target}-list.cmake)
	add_custom_command(TARGET ${target} POST_BUILD VERBATIM
		COMMAND ${CMAKE_COMMAND}
			-D "emulator=${CMAKE_CROSSCOMPILING_EMULATOR}"
			-D program=$<TARGET_FILE:${target}> -D label=${arg_LABEL}
			-D list=${list} -P ${PROJECT_SOURCE_DIR}/cmake/discover-tests.cmake)
	# A program that was not built is a failure.
	set(include ${CMAKE_CURRENT_BINARY_DIR}/${target}-tests.cmake)
	file(WRITE ${include} "
if(EXISTS \"${list}\")
	include(\"${list}\")
else()
	add_test(${target}-is-not-built ${target}-is-not-built)
endif()
")
	set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${include})
endfunction()
