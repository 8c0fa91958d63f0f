#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "dnswire/name_view.h"

namespace dnswire {

// A domain name that owns its octets, for what is kept; case is preserved.
class Name {
 public:
  Name() : wire_{0} {}  // the root
  explicit Name(NameView view) : wire_(view.wire().begin(), view.wire().end()) {}

  // Reads presentation format (RFC 1035 5.1): escapes \X and \DDD; a name without a final dot is
  // relative to `origin`; "@" is the origin itself. Blanks, quotes, parentheses, semicolons and all
  // that is not printable ASCII must be escaped (Error::BadText).
  [[nodiscard]] static Result<Name> from_text(std::string_view text, NameView origin = {});

  // Reads the name that starts at `offset` of `message`, follows compression pointers (strictly
  // backwards, not into the header, RFC 1035 4.1.4) and sets `offset` behind it. On an error
  // `offset` is not to be used. Requires: a whole message, offset and all.
  [[nodiscard]] static Result<Name> read(Bytes message, std::size_t& offset);

  // "*" in front of `parent`.
  [[nodiscard]] static Result<Name> wildcard_of(NameView parent);

  operator NameView() const noexcept { return NameView::trusted(wire_); }  // NOLINT: it is one
  [[nodiscard]] NameView view() const noexcept { return *this; }
  [[nodiscard]] std::string to_text() const { return view().to_text(); }

  friend bool operator==(const Name& a, const Name& b) noexcept { return a.view() == b.view(); }
  friend std::weak_ordering operator<=>(const Name& a, const Name& b) noexcept {
    return a.view() <=> b.view();
  }

 private:
  std::vector<std::uint8_t> wire_;
};

// For unordered containers keyed by Name and searched by NameView.
struct NameHash {
  using is_transparent = void;
  std::size_t operator()(NameView name) const noexcept { return name.hash(); }
};
struct NameEqual {
  using is_transparent = void;
  bool operator()(NameView a, NameView b) const noexcept { return a == b; }
};

}  // namespace dnswire
