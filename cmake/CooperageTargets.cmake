# Every target of the project is made by one of these functions. Sources are globbed, so that no file and no test
# can be left out of the build by forgetting a line.

add_library(cooperage_options INTERFACE)
target_compile_options(cooperage_options INTERFACE -Wall -Wextra -Wpedantic -Werror -Wno-error=deprecated-declarations)
target_compile_definitions(cooperage_options INTERFACE
  QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING QT_NO_FOREACH QT_NO_KEYWORDS
  QT_NO_CONTEXTLESS_CONNECT QT_DISABLE_DEPRECATED_BEFORE=0x060600)
target_include_directories(cooperage_options INTERFACE ${CMAKE_SOURCE_DIR})
if(COOPERAGE_SANITIZE)
  target_compile_options(cooperage_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer)
  target_link_options(cooperage_options INTERFACE -fsanitize=address,undefined)
endif()
if(COOPERAGE_FUZZ)
  # vptr needs type information of Qt's classes that its libraries do not export to clang's runtime.
  target_compile_options(cooperage_options INTERFACE -fsanitize=fuzzer-no-link -fno-sanitize=vptr,function)
endif()

# ccache sees through a precompiled header only when the compiler is asked to keep its macros.
function(cooperage_precompile target)
  target_precompile_headers(${target} PRIVATE ${ARGN})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endfunction()

# cooperage_library(NAME [FOLDERS f...] [PUBLIC libs...] [PRIVATE libs...]): a static library of a folder's sources.
function(cooperage_library name)
  cmake_parse_arguments(arg "" "" "FOLDERS;PUBLIC;PRIVATE" ${ARGN})
  if(NOT arg_FOLDERS)
    set(arg_FOLDERS .)
  endif()
  set(sources)
  foreach(folder IN LISTS arg_FOLDERS)
    file(GLOB found CONFIGURE_DEPENDS ${folder}/*.cpp ${folder}/*.h)
    list(FILTER found EXCLUDE REGEX "/main\\.cpp$")
    list(APPEND sources ${found})
  endforeach()
  add_library(${name} STATIC ${sources})
  set_target_properties(${name} PROPERTIES LINKER_LANGUAGE CXX)
  target_link_libraries(${name} PUBLIC cooperage_options ${arg_PUBLIC} PRIVATE ${arg_PRIVATE})
  cooperage_precompile(${name} <QtCore/QtCore>)
endfunction()

# cooperage_test(SOURCE libs...): one test program, named after its file, run without a screen.
function(cooperage_test source)
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE cooperage_options Qt6::Test ${ARGN})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  # What is tested is optimised; optimising the tests themselves would only cost time at every build.
  target_compile_options(${name} PRIVATE $<$<NOT:$<BOOL:${COOPERAGE_SANITIZE}>>:-O0>)
  target_compile_definitions(${name} PRIVATE
    COOPERAGE_SOURCE_DIR="${CMAKE_SOURCE_DIR}" COOPERAGE_BIN_DIR="${CMAKE_BINARY_DIR}/bin")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES ENVIRONMENT "QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8" TIMEOUT 300
    SKIP_REGULAR_EXPRESSION "^SKIP   : .*whole program")
endfunction()
