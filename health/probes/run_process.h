// Programs of this machine, for coroutines. process.h is for everyone else.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>

#include "health/probes/process.h"

namespace probes {

std::function<void()> run_process(const boost::asio::any_io_executor& executor, ProcessSpec spec,
                                  OnProcessEnd done);

// The same as a coroutine; who cancels it ends the program. What it returns then is no pass.
boost::asio::awaitable<ProcessResult> run_to_end(ProcessSpec spec);

}  // namespace probes
