// A question answered both ways: by the spine, which sends what was made ready, and composed for
// that question alone.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "server/answer/answer.h"
#include "server/answer/ready.h"
#include "tests/dnswire/random.h"

namespace answer::testing {

using Octets = std::vector<std::uint8_t>;

class BothWays {
 public:
  // Fails the test where the two say different things. They may differ in the case of names, but
  // for that of the question, and in size; where only one is truncated, the other way is too long
  // for the client.
  void compare(dnswire::Bytes request, const Client& client, const Snapshot& snapshot);

  struct Count {
    std::size_t asked = 0;
    std::size_t ready = 0;             // sent as it was made
    std::size_t too_long = 0;          // ready, but longer than the client takes
    std::size_t truncated = 0;         // either way
    std::size_t truncated_if_new = 0;  // composed, but not as it was made
  };
  [[nodiscard]] const Count& count() const noexcept { return count_; }

 private:
  struct Composed {
    dnswire::Bytes message;
    Outcome outcome;
  };

  [[nodiscard]] Composed compose_reply(const dnswire::Query& query, const Located& located,
                                       const Client& client, const Snapshot& snapshot,
                                       const Admitted& admitted, std::size_t limit);
  void compare_ready(const dnswire::Query& query, const Ready& ready, const Client& client,
                     const Snapshot& snapshot, const Admitted& admitted, dnswire::Bytes reply);
  void compare_texts(dnswire::Bytes reply, const Composed& composed, dnswire::Bytes whole,
                     std::size_t limit);

  Scratch scratch_{1};
  Response response_;
  steering::Workspace workspace_{1};
  Octets room_ = Octets(kMaxReplySize);
  Octets whole_room_ = Octets(kMaxReplySize);
  Octets ready_room_ = Octets(kMaxReplySize);
  Count count_;
};

// A query with any mixture of flags and EDNS options; `with_subnet`: one of them, a client subnet.
[[nodiscard]] Octets random_request(dnswire::testing::Random& random,
                                    const dnswire::Question& question, bool with_subnet);

// Cookies, a name, a keepalive: all that an OPT record can be made of.
[[nodiscard]] Settings rich_settings();

}  // namespace answer::testing
