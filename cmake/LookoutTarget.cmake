# Flags every target of the project shares, and lookout_module(): one folder,
# one static library, one namespace.

add_library(lookout_flags INTERFACE)
target_compile_options(lookout_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror
  -Wno-missing-field-initializers  # designated initialisers leave defaults out on purpose
  -fstack-protector-strong -ffunction-sections -fdata-sections
  $<$<CXX_COMPILER_ID:Clang>:-Wthread-safety>
  $<$<CONFIG:Release>:-D_GLIBCXX_ASSERTIONS>
  $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
target_link_options(lookout_flags INTERFACE
  -Wl,-z,relro,-z,now -Wl,--gc-sections -Wl,--as-needed)
# Asserts stay on in release builds: CMake's default adds -DNDEBUG.
string(REPLACE "-DNDEBUG" "" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
string(REPLACE "-O3" "-O2" CMAKE_CXX_FLAGS_RELEASE "${CMAKE_CXX_FLAGS_RELEASE}")
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

if(LOOKOUT_ASAN)
  target_compile_options(lookout_flags INTERFACE
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(lookout_flags INTERFACE -fsanitize=address,undefined)
endif()
if(LOOKOUT_TSAN)
  # Asio's fences are unknown to g++'s ThreadSanitizer, which says so at every include.
  target_compile_options(lookout_flags INTERFACE
    -fsanitize=thread -fno-omit-frame-pointer $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
  target_link_options(lookout_flags INTERFACE -fsanitize=thread)
endif()
if(LOOKOUT_COVERAGE)
  target_compile_options(lookout_flags INTERFACE --coverage)
  target_link_options(lookout_flags INTERFACE --coverage)
endif()
if(LOOKOUT_FUZZ)
  target_compile_options(lookout_flags INTERFACE -fsanitize=fuzzer-no-link,address,undefined)
  target_link_options(lookout_flags INTERFACE -fsanitize=address,undefined)
endif()

# Code that work passes through for each object, byte or series; all other is kept small, since what
# it occupies is most of what an idle process has resident.
set(LOOKOUT_FAST_MODULES base encoding helm kube metrics state)

# lookout_module(NAME SOURCES a.cpp... [USES module...] [DOORS target...])
#   USES:  modules of ours whose public headers this one includes
#   DOORS: third-party targets, never visible to users of the module
function(lookout_module name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES;DOORS" ${ARGN})
  add_library(lookout_${name} STATIC ${ARG_SOURCES})
  target_include_directories(lookout_${name}
    PUBLIC ${PROJECT_SOURCE_DIR}/include
    PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_USES PREPEND lookout_)
  target_link_libraries(lookout_${name} PUBLIC ${ARG_USES} Threads::Threads
    PRIVATE lookout_flags ${ARG_DOORS})
  if(NOT name IN_LIST LOOKOUT_FAST_MODULES)
    target_compile_options(lookout_${name} PRIVATE $<$<CONFIG:Release>:-Os>)
  endif()
endfunction()

# lookout_test(NAME SOURCES a_test.cpp... [USES module or target...]): one Catch2 executable,
# each TEST_CASE a ctest entry under the label given (unit by default).
function(lookout_test name)
  cmake_parse_arguments(ARG "" "LABEL" "SOURCES;USES" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  add_executable(test_${name} ${ARG_SOURCES})
  target_include_directories(test_${name} PRIVATE ${PROJECT_SOURCE_DIR})
  list(TRANSFORM ARG_USES PREPEND lookout_)
  target_link_libraries(test_${name} PRIVATE ${ARG_USES} lookout_testdata lookout_test_results
    lookout_flags Catch2::Catch2WithMain)
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT 300)
endfunction()
