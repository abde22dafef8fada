# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# Installation, for users of CMake (find_package) and of pkg-config.
include(CMakePackageConfigHelpers)

set(holdfast_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/holdfast)

install(TARGETS holdfast EXPORT holdfastTargets)
install(DIRECTORY include/holdfast DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
	FILES_MATCHING PATTERN "*.h")
# holdfast-check finds its rules and the headers by paths relative to itself.
install(PROGRAMS tools/holdfast-check DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY tools/checker tools/cocci tools/query docs/rules DESTINATION ${CMAKE_INSTALL_DATADIR}/holdfast)
install(FILES docs/holdfast-check.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
# With HOLDFAST as this folder's path, or that of a copy, modules are built: see docs/kernel.md.  The headers
# are there again, as no kernel can be built with all of /usr/include.
install(DIRECTORY src/kernel DESTINATION ${CMAKE_INSTALL_DATADIR}/holdfast/src)
install(DIRECTORY include/holdfast DESTINATION ${CMAKE_INSTALL_DATADIR}/holdfast/include)
install(FILES LICENSES/GPL-2.0-only.txt LICENSES/MIT.txt DESTINATION ${CMAKE_INSTALL_DOCDIR})
if(PROJECT_IS_TOP_LEVEL)
	add_custom_target(uninstall VERBATIM COMMAND ${CMAKE_COMMAND}
		-D manifest=${CMAKE_CURRENT_BINARY_DIR}/install_manifest.txt -P ${CMAKE_CURRENT_SOURCE_DIR}/cmake/uninstall.cmake)
endif()
install(EXPORT holdfastTargets NAMESPACE holdfast:: DESTINATION ${holdfast_cmake_dir})

configure_package_config_file(cmake/holdfastConfig.cmake.in holdfastConfig.cmake
	INSTALL_DESTINATION ${holdfast_cmake_dir})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/holdfastConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES
	${CMAKE_CURRENT_BINARY_DIR}/holdfastConfig.cmake
	${CMAKE_CURRENT_BINARY_DIR}/holdfastConfigVersion.cmake
	DESTINATION ${holdfast_cmake_dir})

# The prefix is written relative to the .pc file, so that an installed tree can be moved.
set(pc_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pc_prefix ${pc_dir} ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_prefix ${pc_prefix})
file(RELATIVE_PATH pc_libdir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH pc_includedir ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
list(TRANSFORM holdfast_definitions PREPEND "-D" OUTPUT_VARIABLE pc_definitions)
list(JOIN pc_definitions " " pc_definitions)
set(pc_libs)
if(HOLDFAST_HAS_URCU)
	string(APPEND pc_libs " -l${HOLDFAST_URCU}")
endif()
if(HOLDFAST_HAS_JUDY)
	string(APPEND pc_libs " -l${HOLDFAST_JUDY}")
endif()
# A shared library names its own needs.
if(BUILD_SHARED_LIBS)
	set(pc_private "${pc_libs}")
	set(pc_libs)
endif()
configure_file(cmake/holdfast.pc.in holdfast.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/holdfast.pc
	DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
