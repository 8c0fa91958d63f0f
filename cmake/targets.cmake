# fairlead_library(NAME FOLDER SOURCES ... HEADERS ... USES ... LINKS ... [HOT])
#   USES: targets of this project whose headers our headers show (the arrows of ARCHITECTURE.md).
#   LINKS: third-party libraries, seen by our .cc files only.
#   HOT: queries go through it; releases optimize these as one, across files.
# Paths are relative to the calling folder.
function(fairlead_library name)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;HEADERS;USES;LINKS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${CMAKE_SOURCE_DIR} FILES ${ARG_HEADERS})
  set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(${name} PUBLIC ${ARG_USES} PRIVATE fairlead_flags ${ARG_LINKS})
  if(ARG_HOT AND CMAKE_BUILD_TYPE STREQUAL "Release")
    set_target_properties(${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION ON)
  endif()
endfunction()

include(GoogleTest)

# fairlead_test(NAME SOURCES ... LINKS ... [THREADED])
#   One GoogleTest program; every TEST becomes a test of ctest, prefixed with the preset's folder name.
#   THREADED: worth running under ThreadSanitizer, where the others are left out. The preset release
#   builds none: its binary is tested end to end.
get_filename_component(FAIRLEAD_PRESET ${CMAKE_BINARY_DIR} NAME)
function(fairlead_test name)
  cmake_parse_arguments(ARG "THREADED" "" "SOURCES;LINKS" ${ARGN})
  if(FAIRLEAD_PRESET STREQUAL "release" OR (FAIRLEAD_PRESET STREQUAL "tsan" AND NOT ARG_THREADED))
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  target_compile_definitions(${name} PRIVATE FAIRLEAD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE fairlead_flags ${ARG_LINKS} GTest::gmock GTest::gtest_main)
  if(FAIRLEAD_SANITIZE)
    target_compile_options(${name} PRIVATE -O0)  # what is tested is optimized, the test need not be
  endif()
  gtest_discover_tests(${name} TEST_PREFIX ${FAIRLEAD_PRESET}. DISCOVERY_TIMEOUT 60
                       PROPERTIES TIMEOUT 300)
endfunction()

# fairlead_fuzz(NAME SOURCE file LINKS ... CORPUS folder)
#   g++ builds link a small main() that replays the corpus, so that every ctest runs it; the preset
#   `fuzz` links libFuzzer instead.
function(fairlead_fuzz name)
  cmake_parse_arguments(ARG "" "SOURCE;CORPUS" "LINKS" ${ARGN})
  if(FAIRLEAD_PRESET MATCHES "^(release|tsan)$")
    return()
  endif()
  add_executable(${name} ${ARG_SOURCE})
  target_compile_definitions(${name} PRIVATE FAIRLEAD_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE fairlead_flags ${ARG_LINKS})
  if(FAIRLEAD_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  else()
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.cc)
    add_test(NAME ${FAIRLEAD_PRESET}.fuzz.${name}
             COMMAND ${name} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_CORPUS})
    set_tests_properties(${FAIRLEAD_PRESET}.fuzz.${name} PROPERTIES TIMEOUT 300)
  endif()
endfunction()
