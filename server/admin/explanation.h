// Why clients get their answers, as facts; explanation_text() and explanation_json() say the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dnswire/address.h"
#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "geo/location.h"
#include "health/check.h"
#include "server/steering/plan.h"

namespace admin {

// An address of an endpoint.
struct ExplainedAddress {
  dnswire::IpAddress address;
  std::string state;  // "up", "drained (really up)", "assumed down"
  bool served = false;
  bool chosen = false;
  std::string notes;  // what its checks and operators said; may be empty
};

struct ExplainedPool;

// An endpoint, or a pool inside a pool: then `pools` are that one and those that it spilled to.
struct ExplainedMember {
  std::string name;
  std::string zone;
  std::vector<ExplainedAddress> addresses;
  std::vector<ExplainedPool> pools;
  // Where the pick looks at places: of the endpoint, or of the first one below.
  std::optional<double> distance;    // km
  std::optional<double> counted_as;  // km, with the bias
  int bias = 0;                      // percent
  std::uint32_t weight = 1;          // that counts
  std::uint32_t configured_weight = 1;
  std::optional<std::size_t> position;  // from 1, in which the pick looks at it; none: it draws
  bool chosen = false;
  std::string why;  // it is in or out
};

struct ExplainedPool {
  std::string name;
  std::string zone;
  steering::Pick pick = steering::Pick::All;
  std::size_t healthy = 0;
  std::size_t needs = 1;
  bool serves = false;
  bool stands_in = false;    // not of the rule: all_down or until_checked names it
  bool has_family = true;    // some member has an address of the family
  bool origin_down = false;  // every member passes its edge checks and fails those of the origin
  std::string then;          // the pool behind it; empty: none
  std::string order_for;     // the place whose written order counts: "JP", "elsewhere"; or empty
  std::vector<ExplainedMember> members;
};

struct ExplainedRule {
  std::string condition;
  std::string pool;
};

// How soon an answer follows a death.
struct ExplainedFailover {
  std::string none;                       // not empty: it does not, and why; the rest is empty
  std::optional<health::Duration> bound;  // of the slowest
  std::string slowest;                    // "tokyo: web"
  dnswire::Ttl caches{0};                 // for so long they may keep what they have
  std::vector<std::string> stays;         // "homeline stays, no check judges it"
  std::string then;                       // what speaks if the only healthy one dies; or empty
};

// What a dynamic name made of the client.
struct ExplainedDecision {
  dnswire::Family family = dnswire::Family::V4;
  std::vector<ExplainedRule> rules;
  std::size_t rule = 0;  // index of the one that matched
  std::vector<ExplainedPool> pools;
  std::string instead;  // what spoke where health could not; may be empty
  std::optional<ExplainedFailover> failover;
};

// A name on the way from the question to the answer.
struct ExplainedStep {
  enum class Kind : std::uint8_t {
    Static,
    Dynamic,
    Cname,
    Dname,
    Alias,  // ALIAS: its answer is made of the target's addresses
    Referral,
    NoData,
    NoSuchName,
    Outside,  // no zone of ours holds it
    Loop,
    TooMany,  // over kMaxAliases
  };
  Kind kind = Kind::Outside;
  dnswire::Name name;
  dnswire::Name zone;  // its origin; meaningless for those without `serial`
  std::optional<std::uint32_t> serial;
  dnswire::Name owner;  // that answers: the name, a wildcard, the cut, whoever has the DNAME
  bool wildcard = false;
  std::optional<dnswire::Name> target;  // where it leads
  std::optional<dnswire::Ttl> ttl;      // of what it says itself
  std::string note;                     // "not resolved yet"; may be empty
  std::optional<ExplainedDecision> decision;
};

struct ExplainedRecord {
  dnswire::RrType type = dnswire::RrType::A;
  std::string data;
};

struct ExplainedAnswer {
  enum class Status : std::uint8_t { Records, NoData, NoSuchName, Referral, Refused, Failure };
  Status status = Status::Records;
  std::string why;  // of all but records; of them, what is odd about them; may be empty
  std::vector<ExplainedRecord> records;
  std::optional<dnswire::Ttl> ttl;
  std::string ttl_because;
  std::optional<std::uint8_t> scope;  // RFC 7871 6, as a resolver sees it that sends the client
  std::string scope_because;
};

struct ExplainedClient {
  dnswire::IpAddress address;
  bool is_special = false;  // private or reserved: it says nothing of a place
  geo::Location location;
  dnswire::Prefix network;  // all of which is at that location
  std::string source;       // who says so: "country.mmdb", "a correction"; empty: nobody
  bool has_databases = false;

  std::vector<ExplainedStep> steps;
  ExplainedAnswer answer;
};

struct Explanation {
  dnswire::Name name;
  dnswire::RrType type = dnswire::RrType::A;
  std::vector<std::string> assumed;  // "down: tokyo"
  std::vector<ExplainedClient> clients;
};

}  // namespace admin
