#include "server/answer/admit.h"

#include <algorithm>

namespace answer {
namespace {

using dnswire::Bytes;
using dnswire::CookieState;

struct Checked {
  CookieState state = CookieState::Invalid;
  bool by_first = false;  // by the secret that signs
};

Checked check(Bytes cookie, const Client& client, const Settings& settings,
              dnswire::UnixTime now) noexcept {
  for (const dnswire::CookieSecret& secret : settings.cookie_secrets) {
    const CookieState state = check_cookie(secret, cookie, client.address, now);
    if (state != CookieState::Invalid) return {state, &secret == settings.cookie_secrets.data()};
  }
  return {};
}

}  // namespace

Admitted admit(Bytes cookie, const Client& client, const Settings& settings,
               dnswire::UnixTime now) noexcept {
  Admitted admitted;
  if (settings.cookie_secrets.empty()) return admitted;
  const bool must_prove = settings.require_cookies && client.transport == Transport::Udp;
  if (cookie.empty()) {
    if (must_prove) admitted.admission = Admission::OverTcp;
    return admitted;
  }
  const Checked checked = check(cookie, client, settings, now);
  const bool is_valid = checked.state != CookieState::Invalid;
  if (must_prove && !is_valid) admitted.admission = Admission::BadCookie;
  if (is_valid) {
    admitted.use = CookieUse::Valid;
  } else {
    const bool is_half = cookie.size() == dnswire::kClientCookieSize;
    admitted.use = is_half ? CookieUse::ClientOnly : CookieUse::Invalid;
  }
  admitted.has_cookie = true;
  if (checked.state == CookieState::Fresh && checked.by_first) {
    std::copy(cookie.begin(), cookie.end(), admitted.cookie.begin());  // RFC 9018 4.3: it may stay
  } else {
    admitted.cookie = make_cookie(settings.cookie_secrets.front(), cookie, client.address, now);
  }
  return admitted;
}

}  // namespace answer
