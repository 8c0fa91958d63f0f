#include "random_zone.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "dnswire/rdata.h"

namespace answer::testing {
namespace {

using dnswire::Name;
using dnswire::RrType;

template <std::size_t N>
const char* any_of(dnswire::testing::Random& random, const std::array<const char*, N>& values) {
  return values[random.between(0, N - 1)];
}

Name name_of(const std::string& text) { return Name::from_text(text).value(); }

// As it is where that would be too long for a name: the final dot stands for the root's octet, each
// other for a length.
std::string join(const std::string& label, const std::string& parent) {
  const std::string name = label + "." + (parent == "." ? "" : parent);
  return name.size() + 1 > dnswire::kMaxNameSize ? parent : name;
}

std::string parent_of(const std::string& name) {
  const std::string rest = name.substr(name.find('.') + 1);
  return rest.empty() ? "." : rest;
}

// Is it, or is it below, what is to own a DNAME?
bool is_redirected(const std::string& name) {
  return ("." + name).find(".dname.") != std::string::npos;
}

}  // namespace

RandomZone::RandomZone(dnswire::testing::Random& random, const std::string& origin)
    : random_(random), origin_(origin), builder_(name_of(origin)), owners_{origin} {
  const std::string server = join("ns", origin);
  add(server, "A", "192.0.2.53");
  if (origin == ".") add("ns.elsewhere.", "A", "192.0.2.55");
  add(origin, "NS", in_any_case(server));
  add(origin, "SOA", random_target() + " " + random_target() + " 7 3600 900 1209600 30");
}

std::string RandomZone::random_label() {
  static constexpr std::array kLabels{"a", "b", "cc", "Mail", "www", "_sip", "dname", "x-1", "Q"};
  if (random_.chance(6)) return "*";
  if (!random_.chance(8)) return any_of(random_, kLabels);
  const auto octets = random_.octets(random_.between(8, 63), true);
  return {octets.begin(), octets.end()};
}

std::string RandomZone::near_name() {
  const std::string& name = owners_[random_.between(0, owners_.size() - 1)];
  switch (random_.between(0, 6)) {
    case 0:
      return name == origin_ ? name : parent_of(name);
    case 1:
    case 2:
      return join(random_label(), name);
    case 3:
      return join(random_label(), join(random_label(), name));
    case 4:
      return name == origin_ ? name : join(random_label(), parent_of(name));
    case 5: {
      std::string deep = name;
      for (std::size_t left = random_.between(1, 130); left > 0; --left) {
        deep = join(random_.chance(3) ? random_label() : "y", deep);
      }
      return deep;
    }
    default:
      return name;
  }
}

std::string RandomZone::in_any_case(std::string text) {
  const bool keep = random_.chance(2);
  for (char& c : text) {
    if (!keep && c >= 'a' && c <= 'z' && random_.chance(2)) c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

std::string RandomZone::random_target() {
  static constexpr std::array kElsewhere{"Mail.Elsewhere.", "ns.elsewhere.", ".", "test.",
                                         "mail.a.test."};
  if (random_.chance(5)) return any_of(random_, kElsewhere);
  return in_any_case(near_name());
}

std::string RandomZone::random_data(const std::string& type) {
  const std::string number = std::to_string(random_.between(0, 255));
  if (type == "A") return "192.0.2." + number;
  if (type == "AAAA") return "2001:db8::" + number;
  if (type == "TXT") return "\"text " + number + "\" More";
  if (type == "MX") return number + " " + random_target();
  if (type == "SRV") return number + " 5 443 " + random_target();
  return random_target();  // PTR, CNAME, NS, DNAME
}

// What the builder refuses is not part of the zone.
bool RandomZone::add(const std::string& owner, const std::string& type, const std::string& data) {
  const RrType number = *dnswire::rr_type_from_text(type);
  const auto rdata = dnswire::rdata_from_text(number, data, {});
  EXPECT_TRUE(rdata) << type << " " << data;
  const auto ttl = static_cast<std::uint32_t>(random_.between(0, 100'000));
  if (!builder_.add(name_of(in_any_case(owner)), number, dnswire::Ttl(ttl), *rdata)) return false;
  owners_.push_back(owner);
  return true;
}

// NS, and the address of the server below it.
void RandomZone::add_cut(const std::string& above) {
  const std::string cut = join("cut", above);
  const std::string server = join("ns", cut);
  if (server == cut || cut == above) return;
  if (!add(server, "A", "192.0.2.54")) return;
  if (random_.chance(2)) add(server, "AAAA", "2001:db8::54");
  if (add(cut, "NS", random_.chance(4) ? "ns.elsewhere." : in_any_case(server)) &&
      random_.chance(2)) {
    add(cut, "DS", "1 13 2 0000000000000000000000000000000000000000000000000000000000000000");
  }
}

void RandomZone::add_something() {
  static constexpr std::array kTypes{"A",  "A",   "AAAA", "TXT", "MX",   "MX",
                                     "MX", "PTR", "PTR",  "SRV", "CNAME"};
  const std::string owner = near_name();
  if (is_redirected(owner)) {
    if (owner.starts_with("dname.") && owner.find(".dname.") == std::string::npos) {
      add(owner, "DNAME", random_target());
    }
    return;
  }
  if (random_.chance(12)) return add_cut(owner);
  const std::string type = any_of(random_, kTypes);
  for (std::size_t left = random_.chance(2) ? 1 : random_.between(2, 5); left > 0; --left) {
    add(owner, type, random_data(type));
  }
}

void RandomZone::add_large(std::size_t octets) {
  static constexpr std::array kTypes{"A", "AAAA", "TXT", "TXT", "MX", "PTR"};
  std::string owner = join(random_label(), origin_);
  if (random_.chance(3)) owner = join("*", join("big", owner));
  if (is_redirected(owner)) return;
  const std::string type = octets > 20'000 ? "TXT" : any_of(random_, kTypes);
  const std::size_t each = octets / zones::kMaxRecordsPerRrSet + 1;
  std::size_t written = owner.size() + 17;  // header and question
  while (written < octets) {
    std::string data = random_data(type);
    if (type == "A") data = "10." + std::to_string(random_.between(0, 99)) + data.substr(5);
    if (type == "TXT") {
      data.clear();
      const std::size_t wanted = std::max<std::size_t>(each, random_.between(1, 200));
      for (std::size_t left = std::min(wanted, octets - written); left > 0;) {
        const std::size_t size = std::min<std::size_t>(left, 255);
        const auto text = random_.octets(size, true);
        data += "\"" + std::string(text.begin(), text.end()) + "\" ";
        left -= size;
      }
    }
    const auto rdata = dnswire::rdata_from_text(*dnswire::rr_type_from_text(type), data, {});
    if (!add(owner, type, data)) return;
    written += zones::kRecordHead + rdata->size();
  }
}

zones::Zone RandomZone::build() const {
  zones::ZoneBuilder copy = builder_;
  auto zone = std::move(copy).build();
  EXPECT_TRUE(zone) << (zone ? "" : zone.error().front());
  return std::move(zone.value());
}

Name RandomZone::any_name() { return name_of(in_any_case(near_name())); }

Name RandomZone::name_for(dnswire::NameView node) {
  std::string name = node.to_text();
  if (node.is_wildcard() && !random_.chance(6)) {
    name = parent_of(name);
    const std::string above = name;
    while (name == above || random_.chance(3)) {
      const std::string below = join(random_.chance(2) ? random_label() : "y", name);
      if (below == name) break;
      name = below;
    }
  }
  return name_of(in_any_case(name));
}

RrType RandomZone::any_type() {
  static constexpr std::array kTypes{
      RrType::A,   RrType::AAAA, RrType::TXT,   RrType::MX,    RrType::NS,   RrType::PTR,
      RrType::SRV, RrType::SOA,  RrType::CNAME, RrType::DNAME, RrType::DS,   RrType::ANY,
      RrType::CAA, RrType::OPT,  RrType::AXFR,  RrType{},      RrType::HTTPS};
  return kTypes[random_.between(0, kTypes.size() - 1)];
}

}  // namespace answer::testing
