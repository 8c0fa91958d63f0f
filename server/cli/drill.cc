#include "server/cli/drill.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include "dnswire/name.h"
#include "server/cli/dns_client.h"
#include "server/logging/log.h"

namespace cli {
namespace {

using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;
using dnswire::IpAddress;
using dnswire::RrType;
using std::chrono::milliseconds;
using namespace std::chrono_literals;

constexpr std::size_t kMostNames = 32;   // that are watched
constexpr auto kBetweenLooks = 10ms;     // while answers are about to change
constexpr auto kBetweenGlances = 250ms;  // while they are not
constexpr auto kAnswerPatience = 2s;
constexpr auto kChangePatience = 5s;  // for an answer to change; it takes milliseconds

// One question whose answer has an endpoint of the drill in it.
struct Watched {
  dnswire::Name name;
  RrType type = RrType::A;
  std::uint32_t ttl = 0;  // of the answer before
  std::optional<milliseconds> left;
  std::optional<milliseconds> back;
};

std::string question_text(const Watched& one) {
  std::string text = one.name.to_text();
  if (text.size() > 1) text.pop_back();
  return text + " " + to_text(one.type);
}

std::string seconds_text(milliseconds time) {
  if (time < 1s) return std::to_string(time.count()) + " ms";
  return std::to_string(time.count() / 1000) + "." + std::to_string(time.count() % 1000 / 100) +
         " s";
}

class Drill {
 public:
  Drill(const AdminClient& admin, std::ostream& out, std::ostream& errors)
      : admin_(admin), out_(out), errors_(errors) {}

  int run(Json body, milliseconds period, const std::optional<dnswire::Prefix>& client) {
    Json preview = body;
    preview["dry_run"] = true;
    const auto planned = ask_admin(preview);
    if (!planned) return 1;
    if (!open(*planned, client) || !look_before(*planned)) return 1;

    const auto begun = Clock::now();
    const auto taken = ask_admin(body);
    if (!taken) return 1;
    out_ << "taken out for " << seconds_text(period) << "; it reverts by itself, whatever becomes "
         << "of this command\n";
    follow(begun, kChangePatience, kBetweenLooks, false);
    report(false);
    // Until shortly before the end nothing can change, and once it is over all soon does.
    std::this_thread::sleep_until(begun + period - 1s);
    follow(begun + period, kChangePatience + 2s, kBetweenGlances / 5, true);
    report(true);
    return all_changed() ? 0 : 1;
  }

 private:
  std::optional<Json> ask_admin(const Json& body) {
    const auto reply = admin_.request("PUT", "/overrides", body.dump());
    if (!reply) {
      std::string text = reply.error();
      while (text.ends_with('\n')) text.pop_back();
      errors_ << "fairlead: " << text << '\n';
      return std::nullopt;
    }
    Json json = Json::parse(*reply, nullptr, false);
    if (json.is_object()) return json;
    errors_ << "fairlead: the server's reply is not understood\n";
    return std::nullopt;
  }

  // The first address that it listens on; where that is any address, this machine's own.
  bool open(const Json& planned, const std::optional<dnswire::Prefix>& client) {
    for (const Json& text : planned["listening"]) {
      auto address = config::ListenAddress::from_text(text.get<std::string>());
      if (!address) continue;
      if (address->is_wildcard()) {
        const bool v6 = address->address.family() == dnswire::Family::V6;
        address->address = *IpAddress::from_text(v6 ? "::1" : "127.0.0.1");
      }
      auto opened = DnsClient::open(*address, client);
      if (!opened) continue;
      dns_.emplace(std::move(*opened));
      return true;
    }
    errors_ << "fairlead: the server listens on no address that can be asked\n";
    return false;
  }

  bool look_before(const Json& planned) {
    for (const Json& endpoint : planned["endpoints"]) {
      for (const Json& text : endpoint["addresses"]) {
        if (const auto address = IpAddress::from_text(text.get<std::string>())) {
          addresses_.push_back(*address);
        }
      }
    }
    std::size_t others = 0;
    for (const Json& text : planned["names"]) {
      const auto name = dnswire::Name::from_text(text.get<std::string>());
      if (!name) continue;
      bool has_one = false;
      for (const RrType type : {RrType::A, RrType::AAAA}) {
        if (watched_.size() >= kMostNames) break;
        Watched one{*name, type, 0, {}, {}};
        const auto answer = dns_->ask(one.name, one.type, kAnswerPatience);
        if (!answer) {
          errors_ << "fairlead: " << answer.error() << '\n';
          return false;
        }
        if (!has_any(*answer)) continue;
        has_one = true;
        one.ttl = answer->ttl;
        watched_.push_back(std::move(one));
      }
      if (!has_one) ++others;
    }
    if (others > 0) {
      out_ << others << " more name(s) rest on it, but this client's answers have others in "
           << "them; ask for another client with --client\n";
    }
    if (watched_.empty()) {
      errors_ << "fairlead: no answer that this client gets has it: nothing to watch, nothing "
                 "changed\n";
      return false;
    }
    return true;
  }

  bool has_any(const DnsClient::Answer& answer) const {
    return std::any_of(addresses_.begin(), addresses_.end(), [&answer](const IpAddress& address) {
      return std::count(answer.addresses.begin(), answer.addresses.end(), address) > 0;
    });
  }

  // Until all have changed, `patience` at most.
  void follow(Clock::time_point begun, milliseconds patience, milliseconds pause, bool back) {
    const auto end = Clock::now() + patience;
    while (Clock::now() < end) {
      bool waits = false;
      for (Watched& one : watched_) {
        auto& when = back ? one.back : one.left;
        if (when) continue;
        const auto answer = dns_->ask(one.name, one.type, kAnswerPatience);
        if (answer && has_any(*answer) == back) {
          when = std::chrono::round<milliseconds>(Clock::now() - begun);
        } else {
          waits = true;
        }
      }
      if (!waits) return;
      std::this_thread::sleep_for(pause);
    }
  }

  void report(bool back) const {
    for (const Watched& one : watched_) {
      const auto& when = back ? one.back : one.left;
      out_ << question_text(one) << ": ";
      if (!when) {
        out_ << (back ? "NOT back\n" : "did NOT change\n");
      } else if (back) {
        out_ << "back " << seconds_text(std::max(*when, 0ms)) << " after the end\n";
      } else {
        out_ << "left after " << seconds_text(*when) << "; caches may keep it for " << one.ttl
             << " s more\n";
      }
    }
  }

  bool all_changed() const {
    return std::all_of(watched_.begin(), watched_.end(),
                       [](const Watched& one) { return one.left && one.back; });
  }

  const AdminClient& admin_;
  std::ostream& out_;
  std::ostream& errors_;
  std::optional<DnsClient> dns_;
  std::vector<IpAddress> addresses_;
  std::vector<Watched> watched_;
};

}  // namespace

int run_drill(const AdminClient& admin, const std::string& body, milliseconds period,
              const std::optional<dnswire::Prefix>& client, std::ostream& out,
              std::ostream& errors) {
  return Drill(admin, out, errors).run(Json::parse(body), period, client);
}

}  // namespace cli
