// `check:` and `checks:` of an endpoint. Private to this folder.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "server/config/check_yaml.h"
#include "server/config/name_table.h"
#include "server/config/yaml_reader.h"

namespace config {

struct Combination {
  std::vector<std::shared_ptr<const Check>> checks;  // no two the same
  std::uint16_t need = 0;                            // of them
};

// A name, a list of names (all of them), or `{all: ...}`, `{any: ...}`, `{need: N, of: ...}`.
[[nodiscard]] Combination read_combination(const Fields& endpoint,
                                           const NameTable<std::shared_ptr<const Check>>& known);

}  // namespace config
