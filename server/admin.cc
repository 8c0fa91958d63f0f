#include "server/admin.h"

#include "dnswire/name.h"
#include "dnswire/rr_type.h"
#include "server/explain.h"

namespace server {
namespace {

HttpReply refuse(unsigned status, std::string text) {
  return {status, "text/plain; charset=utf-8", std::move(text) + "\n"};
}

std::string parameter(const HttpRequest& request, const std::string& key) {
  const auto found = request.query.find(key);
  return found == request.query.end() ? std::string() : found->second;
}

HttpReply answer_explain(const HttpRequest& request, const Control& control,
                         const Publisher& publisher) {
  auto parsed = parse_explain_request(parameter(request, "name"), parameter(request, "type"),
                                      parameter(request, "client"));
  if (!parsed) return refuse(400, parsed.error());
  const auto verdict = [&](health::TargetId target) { return control.verdict_text(target); };
  return {200, "text/plain; charset=utf-8", explain(*parsed, *publisher.latest(), verdict)};
}

const char* const kIndex =
    "fairlead admin listener\n\n"
    "GET  /metrics                        for Prometheus\n"
    "GET  /explain?name=&type=&client=    why a client gets its answer\n"
    "GET  /health                         200 while the server answers\n"
    "POST /reload                         zones, configuration and geo databases\n";

}  // namespace

HttpServer::Handler make_admin(Control& control, const Publisher& publisher, const Metrics& metrics,
                               Reload reload) {
  return [&control, &publisher, &metrics, reload = std::move(reload)](
             const HttpRequest& request, const HttpServer::Respond& respond) {
    const bool is_get = request.method == "GET";
    if (request.path == "/reload") {
      if (request.method != "POST") return respond(refuse(405, "reload with POST"));
      return reload([respond](bool ok, std::string text) {
        respond({ok ? 200U : 422U, "text/plain; charset=utf-8", std::move(text)});
      });
    }
    if (!is_get) return respond(refuse(405, "only GET is understood here"));
    if (request.path == "/metrics") {
      return respond({200, "text/plain; version=0.0.4; charset=utf-8", metrics.text()});
    }
    if (request.path == "/explain") return respond(answer_explain(request, control, publisher));
    if (request.path == "/health") return respond({200, "text/plain; charset=utf-8", "ok\n"});
    if (request.path == "/") return respond({200, "text/plain; charset=utf-8", kIndex});
    respond(refuse(404, "nothing here; GET / lists what there is"));
  };
}

}  // namespace server
