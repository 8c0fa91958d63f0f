#include "zones/verify.h"

#include "zones/lookup.h"

namespace zones {
namespace {

using dnswire::NameView;
using dnswire::RrType;
using Kind = Finding::Kind;

enum class Reach : std::uint8_t { Address, Alias, Nothing, Elsewhere };

bool has_address(const Zone& zone, NodeId node) {
  return zone.dynamic(node) || zone.rrset(node, RrType::A) || zone.rrset(node, RrType::AAAA);
}

// Goes through the nodes in canonical order.
class Verifier {
 public:
  explicit Verifier(const Zone& zone) : zone_(zone) {}

  std::vector<std::string> run() && {
    verify_apex();
    for (const NodeId node : zone_.nodes()) verify_node(node);
    if (left_out_ > 0) problems_.push_back("and " + std::to_string(left_out_) + " more problems");
    return std::move(problems_);
  }

 private:
  void add(std::string problem) {
    if (problems_.size() < kMaxZoneProblems) {
      problems_.push_back(std::move(problem));
    } else {
      ++left_out_;
    }
  }

  std::string text(NodeId node) const { return zone_.name(node).to_text(); }

  bool owns_something(NodeId node) const {
    return zone_.rrset_count(node) > 0 || zone_.dynamic(node);
  }

  void verify_apex() {
    const std::string zone = zone_.origin().to_text();
    if (!zone_.rrset(Zone::kApex, RrType::SOA)) add("zone " + zone + " has no SOA record");
    if (!zone_.rrset(Zone::kApex, RrType::NS)) {
      add("zone " + zone + " has no NS record at its apex; name its name servers");
    }
  }

  void verify_node(NodeId node) {
    verify_redirection(node);
    const auto cut = zone_.cut(node);
    if (cut && *cut != node && zone_.dynamic(node)) {
      add(text(node) + " is below the zone cut " + text(*cut) +
          ", so it cannot be dynamic: its addresses are in other hands; remove it, or the NS "
          "records of " +
          text(*cut));
    }
    const auto servers = zone_.rrset(node, RrType::NS);
    if (!servers && zone_.rrset(node, RrType::DS)) {
      add(text(node) +
          " has a DS record but no NS records; delegate the name or remove the DS "
          "record (RFC 4035 2.4)");
    }
    const bool is_answered = node == Zone::kApex || cut == node;
    if (!servers || !is_answered) return;
    for (const dnswire::Bytes rdata : *servers) verify_server(node, NameView::trusted(rdata));
  }

  // What is below a node follows it directly, so one owner of a DNAME is to be remembered.
  void verify_redirection(NodeId node) {
    if (redirected_ && zone_.name(node).is_within(zone_.name(*redirected_))) {
      if (!owns_something(node)) return;
      add(text(node) + " is below " + text(*redirected_) +
          ", whose DNAME redirects all names below it; remove one of them (RFC 6672 2.4)");
    } else if (zone_.has_dname(node)) {
      redirected_ = node;
    }
  }

  void verify_server(NodeId owner, NameView server) {
    if (!server.is_within(zone_.origin())) return;
    const bool is_own = owner == Zone::kApex;
    const std::string who =
        "name server " + server.to_text() + (is_own ? " of zone " : " of ") + text(owner);
    switch (reach(owner, server)) {
      case Reach::Address:
      case Reach::Elsewhere:
        return;
      case Reach::Alias:
        return add(who + " is an alias; give it A or AAAA records of its own (RFC 2181 10.3)");
      case Reach::Nothing:
        return add(who + " has no A or AAAA record");
    }
  }

  // How a resolver that has asked this zone's servers comes to the address of `server`.
  Reach reach(NodeId owner, NameView server) const {
    const auto exact = zone_.find(server);
    const auto cut = zone_.cut(exact ? *exact : zone_.closest_encloser(server));
    if (cut) {
      if (exact && has_address(zone_, *exact)) return Reach::Address;  // glue
      // Below another cut the name is its own zone's to tell: a delegation may count on that, the
      // zone's own servers, through which all go, may not.
      return owner == Zone::kApex || *cut == owner ? Reach::Nothing : Reach::Elsewhere;
    }
    const Finding finding = lookup(zone_, server, RrType::A);
    if (finding.kind == Kind::Alias || finding.kind == Kind::Redirect) return Reach::Alias;
    if (finding.kind == Kind::NoSuchName) return Reach::Nothing;
    return has_address(zone_, finding.node) ? Reach::Address : Reach::Nothing;
  }

  const Zone& zone_;
  std::optional<NodeId> redirected_;  // the owner of a DNAME that was met last
  std::vector<std::string> problems_;
  std::size_t left_out_ = 0;
};

}  // namespace

std::vector<std::string> verify(const Zone& zone) { return Verifier(zone).run(); }

}  // namespace zones
