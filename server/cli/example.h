// What `fairlead --help` teaches. README.md shows the same text, a test compares them.
#pragma once

namespace cli {

inline constexpr const char* kExampleText = R"(Example: /etc/fairlead/fairlead.yaml
  zones: /etc/fairlead/zones

/etc/fairlead/zones/example.org.yaml
  zone: example.org
  checks:
    web: {type: https, host: www.example.org, path: /healthz}
  endpoints:
    tokyo:     {A: 203.0.113.10, at: JP, check: web}
    frankfurt: {A: 203.0.113.20, at: DE, check: web}
  pools:
    edges: {members: [tokyo, frankfurt], pick: nearest}
  records:
    "@": {NS: ns1}
    ns1: {A: 198.51.100.1}
    www: {dynamic: edges}

  fairlead check                                     all mistakes, with line and column
  fairlead serve                                     answer on port 53, UDP and TCP
  fairlead explain www.example.org --client 8.8.8.8  why this client gets that answer
  fairlead status                                    who stands, who does not, and why
  fairlead drain tokyo --for 1h                      out of the answers, and back by itself
  fairlead reload                                    after an edit
)";

}  // namespace cli
