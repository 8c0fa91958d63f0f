#include "server/admin/admin.h"

#include <array>
#include <atomic>
#include <memory>

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "server/admin/admin_token.h"
#include "server/admin/explain.h"
#include "server/admin/explanation_json.h"
#include "server/admin/explanation_text.h"
#include "server/admin/health_metrics.h"
#include "server/admin/override_api.h"
#include "server/admin/status.h"
#include "server/admin/supervisor_words.h"
#include "server/admin/world_map.h"
#include "server/admin/world_map_json.h"
#include "server/admin/world_map_text.h"

namespace admin {
namespace {

http::Reply refuse(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

std::string parameter(const http::Request& request, const std::string& key) {
  const auto found = request.query.find(key);
  return found == request.query.end() ? std::string() : found->second;
}

bool wants_json(const http::Request& request) { return parameter(request, "format") == "json"; }

const char* const kIndex =
    "fairlead admin listener\n\n"
    "GET    /metrics                        for Prometheus\n"
    "GET    /explain?name=&type=&client=    why clients get their answers\n"
    "GET    /map?name=&type=                who serves the world\n"
    "       both take assume=down:NAME,...  as if that were so, and format=json\n"
    "GET    /status?endpoint=               who stands and why, as JSON\n"
    "GET    /overrides                      what operators said, as JSON\n"
    "GET    /health                         200 while the server answers\n"
    "with `Authorization: Bearer TOKEN`, the token of the state folder:\n"
    "PUT    /overrides                      drain, force up, force down\n"
    "DELETE /overrides?target=              take that back\n"
    "POST   /reload                         zones, configuration and geo databases\n";

class Admin {
 public:
  explicit Admin(AdminParts parts)
      : parts_(std::move(parts)),
        overrides_(parts_.control.supervisor(),
                   {[this]() -> const zones::ZoneSet& {
                      return *parts_.control.loaded().configuration.zones;
                    },
                    parts_.listening}) {}

  void handle(const http::Request& request, const http::Server::Respond& respond) {
    for (const Route& route : kRoutes) {
      if (route.path != request.path) continue;
      if (route.method == request.method) return take(route, request, respond);
    }
    const std::string methods = methods_of(request.path);
    if (methods.empty()) return respond(refuse(404, "nothing here; GET / lists what there is"));
    http::Reply reply = refuse(405, request.path + " is for " + methods);
    reply.headers.emplace_back("Allow", methods);  // RFC 9110 15.5.6
    respond(std::move(reply));
  }

 private:
  struct Route {
    std::string_view method;
    std::string_view path;
    void (Admin::*handler)(const http::Request&, const http::Server::Respond&);
    bool changes = false;  // needs the token
  };
  static const std::array<Route, 10> kRoutes;

  static std::string methods_of(std::string_view path) {
    std::string methods;
    for (const Route& route : kRoutes) {
      if (route.path != path) continue;
      methods += methods.empty() ? "" : ", ";
      methods += route.method;
    }
    return methods;
  }

  void take(const Route& route, const http::Request& request,
            const http::Server::Respond& respond) {
    if (route.changes && parts_.token.empty()) {
      return respond(refuse(403,
                            "this server has no admin token, its log says why; SIGHUP reloads "
                            "all the same"));
    }
    if (route.changes && !token_matches(request.authorization, parts_.token)) {
      http::Reply reply = refuse(401,
                                 "this needs `Authorization: Bearer TOKEN`, with the content of "
                                 "the file admin-token in the state folder");
      reply.headers.emplace_back("WWW-Authenticate", "Bearer");  // RFC 9110 15.5.2
      return respond(std::move(reply));
    }
    (this->*route.handler)(request, respond);
  }

  void index(const http::Request&, const http::Server::Respond& respond) {
    respond({200, "text/plain; charset=utf-8", kIndex});
  }
  void health(const http::Request&, const http::Server::Respond& respond) {
    respond({200, "text/plain; charset=utf-8", "ok\n"});
  }
  void metrics(const http::Request&, const http::Server::Respond& respond) {
    respond({200, "text/plain; version=0.0.4; charset=utf-8",
             parts_.metrics.text() + health_metrics(parts_.control.supervisor(),
                                                    parts_.control.hooks().counters(),
                                                    parts_.control.failing_aliases())});
  }
  void explain(const http::Request& request, const http::Server::Respond& respond) {
    const auto parsed =
        parse_explain_request(parameter(request, "name"), parameter(request, "type"),
                              parameter(request, "client"), parameter(request, "assume"));
    if (!parsed) return respond(refuse(400, parsed.error()));
    const auto explanation =
        admin::explain(*parsed, *parts_.publisher.latest(), words_of(parts_.control.supervisor()));
    if (!explanation) return respond(refuse(404, explanation.error()));
    if (wants_json(request)) {
      return respond({200, "application/json", explanation_json(*explanation)});
    }
    respond({200, "text/plain; charset=utf-8", explanation_text(*explanation)});
  }
  // Walks over all networks of the world: aside, for probes and timers do not wait.
  void map(const http::Request& request, const http::Server::Respond& respond) {
    const auto parsed = parse_map_request(parameter(request, "name"), parameter(request, "type"),
                                          parameter(request, "assume"));
    if (!parsed) return respond(refuse(400, parsed.error()));
    // Loads wait behind it.
    if (map_under_way_->exchange(true)) {
      return respond(refuse(503, "another map is being made; ask again in a second"));
    }
    parts_.aside([busy = map_under_way_, parsed = *parsed, snapshot = parts_.publisher.latest(),
                  respond, json = wants_json(request),
                  with_countries = parameter(request, "countries") == "yes"] {
      const auto map = map_world(parsed, *snapshot);
      *busy = false;
      if (!map) return respond(refuse(404, map.error()));
      if (json) return respond({200, "application/json", world_map_json(*map)});
      respond({200, "text/plain; charset=utf-8", world_map_text(*map, with_countries)});
    });
  }
  void status(const http::Request& request, const http::Server::Respond& respond) {
    respond({200, "application/json",
             status_json(parts_.control.supervisor(),
                         {parameter(request, "endpoint"), parts_.control.generation(),
                          parts_.control.hooks().problem(), parts_.control.alarms()})});
  }
  void list_overrides(const http::Request&, const http::Server::Respond& respond) {
    respond(overrides_.list());
  }
  void put_override(const http::Request& request, const http::Server::Respond& respond) {
    overrides_.put(request, respond);
  }
  void erase_override(const http::Request& request, const http::Server::Respond& respond) {
    overrides_.erase(request, respond);
  }
  void reload(const http::Request&, const http::Server::Respond& respond) {
    parts_.reload([respond](bool ok, std::string text) {
      respond({ok ? 200U : 422U, "text/plain; charset=utf-8", std::move(text)});
    });
  }

  AdminParts parts_;
  OverrideApi overrides_;
  // Shared with the job, which may outlive this.
  std::shared_ptr<std::atomic<bool>> map_under_way_ = std::make_shared<std::atomic<bool>>(false);
};

const std::array<Admin::Route, 10> Admin::kRoutes{{
    {"GET", "/", &Admin::index},
    {"GET", "/health", &Admin::health},
    {"GET", "/metrics", &Admin::metrics},
    {"GET", "/explain", &Admin::explain},
    {"GET", "/map", &Admin::map},
    {"GET", "/status", &Admin::status},
    {"GET", "/overrides", &Admin::list_overrides},
    {"PUT", "/overrides", &Admin::put_override, true},
    {"DELETE", "/overrides", &Admin::erase_override, true},
    {"POST", "/reload", &Admin::reload, true},
}};

}  // namespace

http::Server::Handler make_admin(AdminParts parts) {
  if (!parts.aside) parts.aside = [](const std::function<void()>& job) { job(); };
  const auto admin = std::make_shared<Admin>(std::move(parts));
  return [admin](const http::Request& request, const http::Server::Respond& respond) {
    admin->handle(request, respond);
  };
}

}  // namespace admin
