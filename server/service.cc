#include "server/service.h"

#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <iostream>
#include <random>

#include "server/admin/admin.h"
#include "server/admin/admin_token.h"
#include "server/admin/heartbeat_api.h"
#include "server/control/builder.h"
#include "server/control/control.h"
#include "server/control/database_watch.h"
#include "server/control/loaded.h"
#include "server/control/version.h"
#include "server/http/server.h"
#include "server/logging/log.h"
#include "server/metrics/metrics.h"
#include "server/posix/cores.h"
#include "server/posix/sockets.h"
#include "server/transport/publisher.h"
#include "server/transport/tcp_listener.h"
#include "server/transport/udp_worker.h"

namespace server {
namespace {

constexpr std::chrono::seconds kBetweenLooks{5};  // at the files of geo databases
constexpr std::chrono::seconds kLoadPatience{1};  // for a load that is under way at a stop

std::uint64_t draw_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

void open_log(const config::Options& options) {
  logging::open({static_cast<logging::Level>(options.log_level),
                 options.log_format == config::LogFormat::Json ? logging::Format::Json
                                                               : logging::Format::Text});
}

// Descriptors are for clients first: as many as the machine allows. Returns how many.
std::size_t raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

// Half of the descriptors at most are for TCP: files and probes need some, too.
config::TcpOptions within_descriptors(config::TcpOptions options, std::size_t descriptors) {
  const std::size_t most = std::max<std::size_t>(descriptors / 2, 1);
  if (options.max_clients <= most) return options;
  logging::warning("`tcp.clients` is " + std::to_string(options.max_clients) + ", taken as " +
                   std::to_string(most) + ": half of the descriptors that this process may have (" +
                   std::to_string(descriptors) + ", LimitNOFILE= of systemd)");
  options.max_clients = most;
  return options;
}

std::string joined(const control::LoadError& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Everything that runs, in the order in which it is built; it stops the other way round.
class Service {
 public:
  explicit Service(std::string file)
      : file_(std::move(file)),
        publisher_(answer::empty_snapshot()),
        metrics_(control::kVersion),
        signals_(io_, SIGTERM, SIGINT, SIGHUP),
        control_(io_, publisher_, metrics_, draw_seed()) {}

  // All sockets, before anything runs: a port in use is said at once. False: said on standard
  // error.
  bool open(control::Loaded loaded) {
    const config::Options& options = loaded.configuration.options;
    auto places = posix::place_workers(options.workers, posix::usable_cores());
    if (!places) return fail(places.error());
    places_ = std::move(*places);
    for (const config::ListenAddress& address : options.listen) {
      auto sockets =
          posix::open_listeners(address, places_.count, options.udp, options.tcp.fast_open);
      if (!sockets) return fail(sockets.error());
      if (options.workers.steer && !posix::steer_by_core(sockets->udp.front(), places_.cores)) {
        return fail("the kernel cannot steer queries; leave out `workers.steer` in fairlead.yaml");
      }
      listeners_.push_back(std::move(*sockets));
    }
    auto admin = posix::open_tcp(options.admin, "admin.listen");
    if (!admin) return fail(admin.error());
    admin_socket_ = std::move(*admin);
    admin_address_ = posix::bound_address(admin_socket_);
    if (options.heartbeat) {
      auto heartbeat = posix::open_tcp(*options.heartbeat, "heartbeat.listen");
      if (!heartbeat) return fail(heartbeat.error());
      heartbeat_socket_ = std::move(*heartbeat);
    }
    report_sockets(options.udp);
    report_loaded(loaded);
    open_state(options.state);
    control_.adopt(std::move(loaded), false);
    return true;
  }

  void run() {
    wait_for_signal();
    open_admin();
    open_heartbeat();
    watch_databases();
    control_.when_settled([this] { start_answering(); });
    io_.run();
    stop();
  }

 private:
  static bool fail(const std::string& sentence) {
    std::cerr << "fairlead: " << sentence << '\n';
    return false;
  }

  // Without its state folder the server answers all the same: that is worth a loud word, no more.
  void open_state(const std::string& folder) {
    auto token = admin::provide_admin_token(folder);
    if (token) {
      token_ = std::move(*token);
      if (const std::string warning = admin::warn_of_admin_token(folder); !warning.empty()) {
        logging::warning(warning);
      }
    } else {
      logging::error(token.error() + "; commands that change something will be refused");
    }
    auto opened = state::Store::open(folder);
    if (!opened) {
      const std::string why =
          opened.error() +
          "; verdicts and overrides on disk were not read, others will be forgotten";
      logging::error(why);
      return control_.supervisor().remember_nothing(why);
    }
    for (const std::string& alarm : opened->alarms) logging::error(alarm);
    control_.remember(std::move(*opened));
  }

  // All UDP sockets are given alike.
  void report_sockets(const config::UdpOptions& options) const {
    if (listeners_.empty() || listeners_.front().udp.empty()) return;
    for (const std::string& text :
         posix::describe_short_buffers(listeners_.front().udp.front(), options)) {
      logging::warning(text);
    }
  }

  void report_loaded(const control::Loaded& loaded) const {
    for (const std::string& warning : loaded.warnings) logging::warning(warning);
    for (const std::string& problem : loaded.database_problems) logging::warning(problem);
    if (loaded.map->databases().empty()) {
      logging::warning(
          "no geo database is loaded: rules by place do not match, `nearest` knows no "
          "distance");
    }
    for (const geo::DatabaseInfo& info : loaded.map->databases()) {
      logging::info("geo database " + info.path + ": " + std::to_string(info.networks) +
                    " networks");
    }
    for (const auto& zone : loaded.configuration.zones->all()) {
      logging::info("zone " + zone->origin().to_text() + ": " + std::to_string(zone->node_count()) +
                    " names, serial " + std::to_string(zone->serial()));
    }
    const std::size_t checks = loaded.configuration.roster->targets.size();
    if (checks > 0) logging::info("first round of " + std::to_string(checks) + " checks");
  }

  void wait_for_signal() {
    signals_.async_wait([this](boost::system::error_code error, int signal) {
      if (error) return;
      if (signal != SIGHUP) {
        logging::info(signal == SIGINT ? "interrupted, stopping" : "asked to stop, stopping");
        io_.stop();
        return;
      }
      reload([](bool, const std::string&) {});
      wait_for_signal();
    });
  }

  void open_admin() {
    const auto reload = [this](auto tell) { this->reload(std::move(tell)); };
    admin_.emplace(io_, std::move(admin_socket_),
                   admin::make_admin({control_, publisher_, metrics_, reload, token_,
                                      [this] { return listening_; },
                                      [this](auto job) { builder_->post(std::move(job)); }}));
    logging::info("admin on http://" + admin_address_.to_text());
  }

  void open_heartbeat() {
    if (!heartbeat_socket_) return;
    const auto address = posix::bound_address(heartbeat_socket_);
    http::Options options;
    options.any_host = true;
    options.max_connections = std::clamp<std::size_t>(descriptors_ / 4, 1, 1024);
    options.max_per_address = 16;
    options.max_body = 1024;  // nothing is read from it
    options.idle = options.request = std::chrono::seconds(2);
    heartbeat_.emplace(
        io_, std::move(heartbeat_socket_),
        admin::make_heartbeat_api([this](std::string_view who, std::string_view token) {
          return control_.supervisor().beat(who, token);
        }),
        options);
    logging::info("heartbeats on http://" + address.to_text());
  }

  // A newer edition of a geo database is taken over as it comes. Looks and loads on the builder's
  // thread, for a disk may be slow, or a network's.
  void watch_databases() {
    watch_timer_.expires_after(kBetweenLooks);
    watch_timer_.async_wait([this](boost::system::error_code error) {
      if (error || stopping_) return;
      builder_->post([this, before = control_.loaded()] { look_at_databases(before); });
      watch_databases();
    });
  }

  void look_at_databases(const control::Loaded& before) {
    if (!watch_.is_due(before.database_files, control::look_at(before.databases))) return;
    auto after = std::make_shared<tl::expected<control::Loaded, control::LoadError>>(
        control::load_databases_again(before));
    boost::asio::post(io_, [this, after] { finish_databases(*after); });
  }

  void finish_databases(tl::expected<control::Loaded, control::LoadError>& after) {
    if (stopping_) return;
    if (!after) return control_.refuse_databases(after.error());
    const std::string changes = control::describe_changes(control_.loaded(), *after);
    const std::vector<std::string> warnings = after->warnings;
    if (!control_.adopt_databases(std::move(*after))) {  // a reload came between
      return builder_->post([this] { watch_ = {}; });    // should it have read an older edition
    }
    for (const std::string& warning : warnings) logging::warning(warning);
    log_lines("geo databases read again, generation " + std::to_string(control_.generation()) +
              "\n" + changes);
  }

  static void log_lines(std::string_view text) {
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      logging::info(text.substr(0, end));
      text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
  }

  // Loads on the builder's thread, takes over on the control thread.
  void reload(std::function<void(bool, std::string)> tell) {
    builder_->post([this, before = control_.loaded(), tell = std::move(tell)] {
      auto after = std::make_shared<tl::expected<control::Loaded, control::LoadError>>(
          control::load_again(file_, before));
      boost::asio::post(io_, [this, after, tell] { finish_reload(*after, tell); });
    });
  }

  void finish_reload(tl::expected<control::Loaded, control::LoadError>& after,
                     const std::function<void(bool, std::string)>& tell) {
    if (stopping_) return tell(false, "the server is stopping\n");
    metrics_.count_reload(after.has_value(), std::chrono::system_clock::now());
    if (!after) {
      for (const std::string& line : after.error()) logging::error(line);
      const std::string verdict = "not reloaded: " + std::to_string(after.error().size()) +
                                  " problem(s); everything stays as it was";
      logging::error(verdict);
      return tell(false, joined(after.error()) + verdict + "\n");
    }
    const std::string changes = control::describe_changes(control_.loaded(), *after);
    for (const std::string& problem : after->database_problems) logging::warning(problem);
    for (const std::string& warning : after->warnings) logging::warning(warning);
    control_.adopt(std::move(*after), true);
    if (tcp_) tcp_->set_options(tcp_options());
    const std::string verdict =
        "reloaded, generation " + std::to_string(control_.generation()) + "\n" + changes;
    log_lines(verdict);
    tell(true, verdict);
  }

  config::TcpOptions tcp_options() const {
    return within_descriptors(control_.loaded().configuration.options.tcp, descriptors_);
  }

  void start_answering() {
    std::vector<std::vector<posix::FileDescriptor>> by_worker(places_.count);
    std::vector<posix::FileDescriptor> tcp;
    for (posix::ListenSockets& listener : listeners_) {
      for (std::size_t i = 0; i < places_.count; ++i) {
        by_worker[i].push_back(std::move(listener.udp[i]));
      }
      tcp.push_back(std::move(listener.tcp));
      listening_.push_back(listener.address.to_text());
      logging::info("listening on " + listener.address.to_text() + " (UDP, TCP)");
    }
    transport::UdpWorkerOptions options;
    options.busy_poll = control_.loaded().configuration.options.udp.busy_poll;
    for (std::size_t i = 0; i < places_.count; ++i) {
      if (!places_.cores.empty()) options.core = places_.cores[i];
      workers_.push_back(std::make_unique<transport::UdpWorker>(std::move(by_worker[i]), publisher_,
                                                                draw_seed(), options));
      metrics_.watch(workers_.back()->counters());
    }
    tcp_.emplace(std::move(tcp), publisher_, draw_seed(), tcp_options());
    metrics_.watch(tcp_->counters());
    logging::info("fairlead " + std::string(control::kVersion) + " answers");
  }

  void stop() {
    stopping_ = true;
    signals_.clear();  // a second signal ends the process, whatever hangs here
    for (const auto& worker : workers_) worker->stop();
    if (tcp_) tcp_->stop();
    if (admin_) admin_->close();
    if (heartbeat_) heartbeat_->close();
    control_.supervisor().close();
    if (!builder_->finish(kLoadPatience)) {
      logging::warning("stopped; the files that were being loaded are let go");
      std::_Exit(0);  // its thread cannot be ended any other way, and holds nothing worth saving
    }
    builder_.reset();
    // What was posted meanwhile ends here, while all that it refers to is alive.
    io_.restart();
    io_.poll();
    logging::info("stopped");
  }

  const std::string file_;
  boost::asio::io_context io_{1};
  transport::Publisher publisher_;
  std::vector<posix::ListenSockets> listeners_;
  posix::FileDescriptor admin_socket_;
  config::ListenAddress admin_address_;
  posix::FileDescriptor heartbeat_socket_;
  std::vector<std::string> listening_;  // "127.0.0.1:53", once it answers
  std::string token_;                   // of the admin listener; empty: there is none
  posix::WorkerPlaces places_;
  const std::size_t descriptors_ = raise_descriptor_limit();
  // Counters are read by metrics_, so workers outlive it.
  std::vector<std::unique_ptr<transport::UdpWorker>> workers_;
  std::optional<transport::TcpListener> tcp_;
  metrics::Metrics metrics_;
  boost::asio::signal_set signals_;
  control::Control control_;
  boost::asio::steady_timer watch_timer_{io_};
  control::DatabaseWatch watch_;  // the builder's
  std::optional<http::Server> admin_;
  std::optional<http::Server> heartbeat_;
  std::optional<control::Builder> builder_{std::in_place};
  bool stopping_ = false;
};

}  // namespace

int serve(const std::string& configuration_file) {
  std::ignore =
      std::signal(SIGPIPE, SIG_IGN);  // a client that hangs up is an error code, not an end
  auto loaded = control::load_to_serve(configuration_file);
  if (!loaded) {
    std::cerr << joined(loaded.error()) << "fairlead: not started: " << loaded.error().size()
              << " problem(s)\n";
    return 1;
  }
  open_log(loaded->configuration.options);
  try {
    Service service(configuration_file);
    if (!service.open(std::move(*loaded))) return 1;
    service.run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "fairlead: cannot run: " << error.what() << '\n';
    return 1;
  }
}

}  // namespace server
