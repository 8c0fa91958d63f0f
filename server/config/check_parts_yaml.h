// The parts of a check that belong to its type. Private to this folder.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "health/check.h"
#include "server/config/yaml_reader.h"

namespace config {

[[nodiscard]] health::HttpSpec read_http_spec(const Fields& fields);
// `host`: of an https check, "" for tls.
[[nodiscard]] health::TlsSpec read_tls_spec(const Fields& fields, health::ProbeType type,
                                            const std::string& host);
[[nodiscard]] health::DnsSpec read_dns_spec(const Fields& fields);
// A program and its arguments.
[[nodiscard]] std::vector<std::string> read_argv(const Fields& fields, std::string_view key);

}  // namespace config
