# SPDX-License-Identifier: GPL-2.0-only OR MIT
#
# cmake -D manifest=... -P uninstall.cmake
#
# Remove the files that the last installation wrote, and the folders of Holdfast that are empty then.
if(NOT EXISTS ${manifest})
	message(FATAL_ERROR "Nothing was installed from here: there is no ${manifest}")
endif()

file(STRINGS ${manifest} files)
file(REMOVE ${files})
set(folders)
foreach(file IN LISTS files)
	cmake_path(GET file PARENT_PATH folder)
	while(folder MATCHES "/holdfast(/|$)")
		list(APPEND folders ${folder})
		cmake_path(GET folder PARENT_PATH folder)
	endwhile()
endforeach()
list(REMOVE_DUPLICATES folders)
# What is inside a folder comes before it.
list(SORT folders ORDER DESCENDING)
foreach(folder IN LISTS folders)
	file(GLOB content ${folder}/*)
	if(NOT content)
		file(REMOVE_RECURSE ${folder})
	endif()
endforeach()
list(LENGTH files number)
message(STATUS "Removed ${number} files")
