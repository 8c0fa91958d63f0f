#include "stage.h"

#include <gtest/gtest.h>

#include "dnswire/query.h"
#include "dnswire/rdata.h"
#include "server/answer/compose.h"

namespace answer::testing {
namespace {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::Name;
using dnswire::RrType;
using dnswire::Ttl;

Name name(std::string_view text) { return Name::from_text(text).value(); }

std::string data_of(const Item& item) {
  std::string text;
  const std::string front = " " + std::to_string(item.ttl.count()) + " " + to_text(item.type) + " ";
  const std::string owner = item.owner.to_text();
  for (const IpAddress& address : item.addresses) text += owner + front + address.to_text() + "\n";
  if (!item.addresses.empty()) return text;
  for (const dnswire::Bytes rdata : item.rrset) {
    text += owner + front + dnswire::rdata_to_text(item.type, rdata) + "\n";
  }
  return text;
}

}  // namespace

Stage::Stage(std::initializer_list<const char*> origins) {
  standing_.steady = std::chrono::seconds(10);
  for (const char* const origin : origins) {
    builders_.emplace(origin, zones::ZoneBuilder(name(origin)));
    add(origin, "SOA", 3600, "ns.example.com. h.example.com. 1 3600 900 1209600 30");
    add(origin, "NS", 3600, "ns.example.com.");
  }
}

zones::ZoneBuilder& Stage::builder_of(const Name& owner) {
  is_changed_ = true;
  zones::ZoneBuilder* longest = nullptr;
  for (auto& [origin, builder] : builders_) {
    if (!owner.view().is_within(builder.origin())) continue;
    if (longest == nullptr || builder.origin().size() > longest->origin().size()) {
      longest = &builder;
    }
  }
  return *longest;
}

void Stage::add(std::string_view owner, std::string_view type, std::uint32_t ttl,
                std::string_view data) {
  const RrType number = dnswire::rr_type_from_text(type).value();
  const auto rdata = dnswire::rdata_from_text(number, data, {}).value();
  const auto added = builder_of(name(owner)).add(name(owner), number, Ttl(ttl), rdata);
  EXPECT_TRUE(added) << owner << ": " << added.error();
}

zones::DynamicId Stage::add(std::string_view owner, steering::DynamicRecord record) {
  const zones::DynamicId id{static_cast<std::uint32_t>(plan_.records.size())};
  const auto added = builder_of(name(owner)).add_dynamic(name(owner), id);
  EXPECT_TRUE(added) << owner << ": " << added.error();
  plan_.records.push_back(std::move(record));
  return id;
}

void Stage::add_alias(std::string_view owner, std::string_view target_name, std::uint32_t ttl) {
  steering::DynamicRecord record;
  record.alias = target(target_name, steering::Target::As::Addresses);
  record.ttl = Ttl(ttl);
  add(owner, std::move(record));
}

steering::PoolId Stage::add_pool(std::string_view four, std::string_view six) {
  is_changed_ = true;
  steering::Endpoint endpoint;
  for (const std::string_view text : {four, six}) {
    if (text.empty()) continue;
    const IpAddress address = IpAddress::from_text(text).value();
    endpoint.faces[static_cast<std::size_t>(address.family())].push_back(
        {address, health::SubjectId{static_cast<std::uint32_t>(subjects_++)}});
  }
  const auto index = static_cast<std::uint32_t>(plan_.endpoints.size());
  steering::Pool pool;
  pool.members.push_back({steering::EndpointId{index}, 1, index});
  plan_.endpoints.push_back(std::move(endpoint));
  plan_.pools.push_back(std::move(pool));
  return steering::PoolId{static_cast<std::uint32_t>(plan_.pools.size() - 1)};
}

void Stage::know(std::string_view outside, std::vector<std::string> addresses, std::uint32_t ttl,
                 Family family) {
  is_changed_ = true;
  std::vector<IpAddress> values;
  for (const std::string& text : addresses) values.push_back(IpAddress::from_text(text).value());
  aliases_.put(name(outside), family, std::move(values), Ttl(ttl));
}

void Stage::set(health::State state) {
  is_changed_ = true;
  standing_.state = state;
}

Snapshot Stage::snapshot() {
  if (!is_changed_) return snapshot_;
  auto zones = std::make_shared<zones::ZoneSet>();
  for (const auto& [origin, builder] : builders_) {
    zones::ZoneBuilder copy = builder;
    auto zone = std::move(copy).build();
    if (!zone) {
      ADD_FAILURE() << origin << ": " << zone.error().front();
      continue;
    }
    zones->add(std::make_shared<const zones::Zone>(*std::move(zone)));
  }
  snapshot_.zones = std::move(zones);
  snapshot_.plan = std::make_shared<const steering::Plan>(plan_);
  snapshot_.map = std::make_shared<const geo::Map>();
  snapshot_.atlas =
      std::make_shared<const steering::Atlas>(steering::Atlas::compile(plan_, *snapshot_.map));
  snapshot_.board =
      std::make_shared<const health::Board>(std::vector<health::Standing>(subjects_, standing_));
  snapshot_.variants = std::make_shared<const Variants>(
      Variants::make(snapshot_.plan, snapshot_.atlas, snapshot_.board, {}));
  snapshot_.aliases = std::make_shared<const AliasTable>(aliases_);
  is_changed_ = false;
  return snapshot_;
}

std::string Stage::ask(std::string_view text, std::string_view type, std::string_view subnet) {
  const Snapshot now = snapshot();
  const Name question = name(text);
  dnswire::Query query;
  query.question = {question, dnswire::rr_type_from_text(type).value(), dnswire::RrClass::IN};
  const auto prefix = dnswire::Prefix::from_text(subnet).value();
  query.edns.emplace();
  query.edns->client_subnet = dnswire::ClientSubnet{false, prefix.address, prefix.length, 0};
  const Vantage vantage(IpAddress::from_text("198.51.100.53").value(), query);
  response_.reset();
  compose(query.question, vantage, now, workspace_, response_);
  std::string reply = "status " + to_text(response_.rcode) + "\n";
  for (const Item& item : response_.items()) reply += data_of(item);
  if (response_.scope > 0) reply += "scope " + std::to_string(response_.scope) + "\n";
  if (response_.error) reply += "error " + std::string(response_.error->text) + "\n";
  return reply;
}

steering::DynamicRecord lead_to(steering::PoolId pool) {
  steering::DynamicRecord record;
  record.rules.emplace_back().pool = pool;
  return record;
}

steering::DynamicRecord lead_to(std::string_view network, steering::PoolId there,
                                steering::PoolId elsewhere) {
  steering::DynamicRecord record;
  steering::Rule& rule = record.rules.emplace_back();
  rule.nets.emplace().push_back(dnswire::Prefix::from_text(network).value());
  rule.pool = there;
  record.rules.emplace_back().pool = elsewhere;
  return record;
}

steering::Target target(std::string_view text, steering::Target::As as) { return {name(text), as}; }

}  // namespace answer::testing
