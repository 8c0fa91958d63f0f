#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "dnswire/name_view.h"
#include "dnswire/octet_words.h"

namespace dnswire {

// A name made ready to be looked up: in lower case, with the hash of each of its suffixes. A suffix
// is told by its number of labels, the root's own not counted: of www.example.org. number 1 is org.
//
// Borrows: the name. The tables that it searches keep hashes of the same making in memory; their
// values depend on the machine's byte order.
class SearchName {
 public:
  explicit SearchName(NameView name) noexcept;

  [[nodiscard]] NameView view() const noexcept { return name_; }  // as it was given
  [[nodiscard]] std::size_t labels() const noexcept { return labels_; }

  // Requires, in what follows: suffix <= labels().
  [[nodiscard]] std::size_t suffix_size(std::size_t suffix) const noexcept {  // octets
    return name_.size() - start(suffix);
  }
  [[nodiscard]] NameView suffix(std::size_t suffix) const noexcept {  // as it was given
    return NameView::trusted(name_.wire().subspan(start(suffix)));
  }
  [[nodiscard]] std::uint64_t hash(std::size_t suffix) const noexcept { return hashes_[suffix]; }

  // Whether the suffix is `other`, ASCII case ignored. Requires: kSlack octets may be read behind
  // `other`; `is_lower`: there is no upper case in it.
  [[nodiscard]] bool equals(std::size_t suffix, NameView other, bool is_lower) const noexcept {
    const std::size_t size = suffix_size(suffix);
    if (other.size() != size) return false;
    const std::uint8_t* const mine = &lower_[start(suffix)];
    const std::uint8_t* const theirs = other.wire().data();
    if (!is_lower || size < kWordSize) return equals_slowly(mine, theirs, size);
    for (std::size_t at = 0; at + kWordSize < size; at += kWordSize) {
      if (load_word(mine + at) != load_word(theirs + at)) return false;
    }
    const std::size_t last = size - kWordSize;  // may overlap
    return load_word(mine + last) == load_word(theirs + last);
  }
  static constexpr std::size_t kSlack = 8;

 private:
  void fold(Bytes wire) noexcept;
  static bool equals_slowly(const std::uint8_t* mine, const std::uint8_t* theirs,
                            std::size_t size) noexcept;
  [[nodiscard]] std::size_t start(std::size_t suffix) const noexcept {
    return starts_[labels_ - suffix];
  }

  NameView name_;
  std::size_t labels_ = 0;
  // Only as much of each is set as the name needs.
  std::array<std::uint8_t, kMaxNameSize + 1 + kSlack> lower_;  // the name, zeros behind it
  std::array<std::uint8_t, kMaxLabelCount + 1> starts_;        // of each label, the root's too
  std::array<std::uint64_t, kMaxLabelCount + 1> hashes_;       // by suffix
};

// Whether no octet of the name is an upper case letter.
[[nodiscard]] bool is_lower(NameView name) noexcept;

}  // namespace dnswire
