#include "server/answer/locate.h"

namespace answer {

using dnswire::RrType;
using zones::Zone;

const Zone* find_zone(const zones::ZoneSet& zones, const dnswire::SearchName& name,
                      RrType type) noexcept {
  const Zone* const zone = zones.find(name, name.labels());
  if (type != RrType::DS || zone == nullptr || name.labels() == 0) return zone;
  if (zone->origin().size() != name.view().size()) return zone;
  const Zone* const parent = zones.find(name, name.labels() - 1);
  return parent != nullptr ? parent : zone;
}

Located::Located(const dnswire::Question& question, const zones::ZoneSet& zones) noexcept
    : name(question.name) {
  if (question.klass != dnswire::RrClass::IN) return;
  if (is_meta(question.type) && question.type != RrType::ANY) return;
  zone = find_zone(zones, name, question.type);
  if (zone != nullptr) finding = zones::lookup(*zone, name, question.type);
}

}  // namespace answer
