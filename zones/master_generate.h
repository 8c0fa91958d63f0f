// $GENERATE, BIND's short way to write many records that differ in a number. Private to this
// folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace zones {

inline constexpr std::uint32_t kMaxGenerated = 65'536;  // records of one $GENERATE: a /16

// start-stop or start-stop/step, of whole numbers up to 2^31 - 1.
class GenerateRange {
 public:
  // Or a sentence that says what is wrong.
  [[nodiscard]] static tl::expected<GenerateRange, std::string> from_text(std::string_view word);

  [[nodiscard]] std::uint32_t size() const noexcept { return (stop_ - start_) / step_ + 1; }
  // Requires: index < size().
  [[nodiscard]] std::uint32_t at(std::uint32_t index) const noexcept {
    return start_ + index * step_;
  }

 private:
  std::uint32_t start_ = 0;
  std::uint32_t stop_ = 0;
  std::uint32_t step_ = 1;
};

// Text with places for the number: `$`, or `${offset,width,base}` of which the last two may be
// missing. The offset, which may be negative, is added to the number; the width is that of zeros in
// front; the base is d, o, x, X, or n (N), the hexadecimal digits from the last one to the first
// with dots between, as reverse zones of IPv6 have them; the width counts the dots. `$$` and `\$`
// are a dollar sign.
class GenerateTemplate {
 public:
  // Borrows: `text`. Or a sentence that says what is wrong.
  [[nodiscard]] static tl::expected<GenerateTemplate, std::string> from_text(std::string_view text);

  // Sets `result` to the text for this number; nothing if number and offset are not within 32 bits.
  [[nodiscard]] bool expand(std::uint32_t number, std::string& result) const;

 private:
  struct Place {
    std::string_view before;  // text in front of it
    std::int64_t offset = 0;
    std::uint32_t width = 0;
    char base = 'd';
  };

  static tl::expected<std::size_t, std::string> read_place(std::string_view text, Place& place);

  std::vector<Place> places_;
  std::string_view rest_;
};

}  // namespace zones
