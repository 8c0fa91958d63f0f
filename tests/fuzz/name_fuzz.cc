// Input: octets taken for a name, for the text of one, and for a message that holds one.
#include <algorithm>
#include <string_view>

#include "dnswire/name.h"
#include "require.h"

// Last, because it makes `true` and `false` macros.
#include <ldns/ldns.h>

namespace {

using namespace dnswire;

bool identical(NameView a, NameView b) {
  return std::equal(a.wire().begin(), a.wire().end(), b.wire().begin(), b.wire().end());
}

void check_text(NameView name) {
  const std::string text = name.to_text();
  require(std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; }));
  const auto again = Name::from_text(text);
  require(again && identical(*again, name) && again->to_text() == text);
}

void check_tails(NameView name) {
  require(name.label_count() <= kMaxLabelCount);
  for (NameView tail = name;; tail = tail.parent()) {
    require(NameView::parse(tail.wire()).has_value() && name.is_within(tail));
    require((tail == name) == (tail.size() == name.size()));
    require(tail.size() == name.size() || tail < name);
    if (tail.is_root()) break;
  }
}

ldns_rdf borrowed(NameView name) {
  ldns_rdf rdf;
  rdf._size = name.size();
  rdf._type = LDNS_RDF_TYPE_DNAME;
  rdf._data = const_cast<std::uint8_t*>(name.wire().data());
  return rdf;
}

void check_order(NameView a, NameView b) {
  const ldns_rdf x = borrowed(a);
  const ldns_rdf y = borrowed(b);
  const int expected = ldns_dname_compare(&x, &y);
  require(((a <=> b) < 0) == (expected < 0) && ((a <=> b) > 0) == (expected > 0));
  require((a == b) == (expected == 0));
  require(a != b || a.hash() == b.hash());
}

void check_wire(Bytes input) {
  const auto name = NameView::parse(input);
  if (!name) return;
  require(name->size() <= kMaxNameSize && skip_name(input, 0) == name->size());
  check_text(*name);
  check_tails(*name);
  const auto second = NameView::parse(input.subspan(name->size()));
  if (second) check_order(*name, *second);
}

void check_read(Bytes message) {
  if (message.empty()) return;
  const std::size_t start = message.back() % message.size();
  std::size_t end = start;
  const auto name = Name::read(message, end);
  if (!name) return;
  require(skip_name(message, start) == end);
  require(NameView::parse(name->view().wire()).has_value());
  ldns_rdf* oracle = nullptr;
  std::size_t oracle_end = start;
  require(ldns_wire2dname(&oracle, message.data(), message.size(), &oracle_end) == LDNS_STATUS_OK);
  require(oracle_end == end);
  require(identical(*name, NameView::trusted({ldns_rdf_data(oracle), ldns_rdf_size(oracle)})));
  ldns_rdf_deep_free(oracle);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  check_wire(input);
  check_read(input);
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto origin = Name::from_text("example.");
  if (const auto name = Name::from_text(text, *origin)) check_text(*name);
  return 0;
}
