#pragma once

#include "server/config/listen_address.h"

namespace server {

using config::ListenAddress;

}  // namespace server
