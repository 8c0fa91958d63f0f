#include "server/config/shared_yaml.h"

namespace config {

Shared::Shared(const std::string& path, zones::Problems& problems, const SteeringTable& table)
    : file_(path, problems), names_(file_, table, nullptr) {
  names_.zone = steering::kSharedZone;
  names_.is_shared = true;
}

bool Shared::read(bool may_exec, SteeringTable& table) {
  const auto document = file_.load();
  if (!document) return false;
  if (document->IsMap() && (*document)["zone"]) {
    file_.problem((*document)["zone"],
                  "shared.yaml holds `checks`, `endpoints` and `pools` for all zones; a zone needs "
                  "a file of another name");
    return false;
  }
  const Fields fields(file_, *document, kSharedFile, {"checks", "endpoints", "pools"});
  read_steering(fields, may_exec, names_, table);
  return true;
}

void Shared::settle(SteeringTable& table) {
  settle_steering(names_, table);
  table.warnings.insert(table.warnings.end(), file_.warnings().begin(), file_.warnings().end());
}

}  // namespace config
