#include "geo/special_networks.h"

namespace geo {

const PrefixSet& special_networks() {
  static const PrefixSet kNetworks = [] {
    PrefixSet networks;
    for (const char* text : {"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8",
                             "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "224.0.0.0/3",
                             "::/8", "2001::/32", "fc00::/7", "fe80::/10", "ff00::/8"}) {
      networks.insert(*dnswire::Prefix::from_text(text));
    }
    return networks;
  }();
  return kNetworks;
}

}  // namespace geo
