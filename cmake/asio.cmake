# Boost.Asio and Beast compiled once, as the static library `asio`; everyone else sees declarations.
find_package(Boost 1.81 REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
add_library(asio STATIC ${CMAKE_SOURCE_DIR}/cmake/asio.cc)
target_compile_definitions(asio PUBLIC BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
                                       BOOST_BEAST_SEPARATE_COMPILATION)
target_link_libraries(asio PUBLIC Boost::headers OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Asio allocates coroutine frames by operators of its own; g++ 12, once it has inlined one of the
  # two, takes them for a mismatched pair.
  target_compile_options(asio INTERFACE -Wno-mismatched-new-delete)
endif()
