#pragma once

#include "dnswire/query.h"
#include "server/answer/locate.h"
#include "server/answer/response.h"
#include "server/answer/snapshot.h"
#include "server/answer/vantage.h"
#include "server/steering/decide.h"

namespace answer {

// Chooses the RRsets that answer the question: finds the zone, looks the name up, follows aliases,
// tailors what is dynamic. RFC 1034 4.3.2, RFC 2308 3, RFC 6604 3.
void compose(const dnswire::Question& question, const Located& located, const Vantage& vantage,
             const Snapshot& snapshot, steering::Workspace& workspace, Response& response);
inline void compose(const dnswire::Question& question, const Vantage& vantage,
                    const Snapshot& snapshot, steering::Workspace& workspace, Response& response) {
  compose(question, Located(question, *snapshot.zones), vantage, snapshot, workspace, response);
}

}  // namespace answer
