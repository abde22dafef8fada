# SPDX-License-Identifier: GPL-2.0-only OR MIT
include_guard()

# holdfast_own_code(TARGET): compile TARGET, which is this project's own code, as the project
# promises its headers compile: GNU C11, without a warning.
function(holdfast_own_code target)
	set_target_properties(${target} PROPERTIES
		C_STANDARD 11
		C_STANDARD_REQUIRED ON
		C_EXTENSIONS ON)
	target_compile_options(${target} PRIVATE
		-Wall -Wextra -Wconversion -Wshadow -Wcast-qual -Wpedantic)
	# A compiler newer than ours may warn more: that must not stop a project that includes us.
	if(PROJECT_IS_TOP_LEVEL)
		target_compile_options(${target} PRIVATE -Werror)
	endif()
endfunction()

# holdfast_test_program(TARGET LABEL label SOURCES file...): a program of HF_TEST()s, and one CTest
# test for each of them, found by asking the program once it is built.
#
# Criterion runs them, but for the builds whose tool cannot follow its sandboxes: these get a runner
# that knows as much of Criterion's interface as the tests use (tests/unit/plain).
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
		find_package(PkgConfig REQUIRED)
		pkg_check_modules(CRITERION REQUIRED IMPORTED_TARGET criterion)
		target_link_libraries(${target} PRIVATE PkgConfig::CRITERION)
	endif()

	set(list ${CMAKE_CURRENT_BINARY_DIR}/${target}-list.cmake)
	add_custom_command(TARGET ${target} POST_BUILD VERBATIM
		COMMAND ${CMAKE_COMMAND}
			-D "emulator=${CMAKE_CROSSCOMPILING_EMULATOR}"
			-D program=$<TARGET_FILE:${target}> -D label=${arg_LABEL}
			-D list=${list} -P ${PROJECT_SOURCE_DIR}/cmake/discover-tests.cmake)
	# Not built is a failure, never an empty pass.
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
