// Reads and plays the stories that README.md describes.
#pragma once

#include <string>
#include <vector>

namespace scenarios {

struct Step {
  int line = 0;
  std::vector<std::string> words;
  std::vector<std::string> below;  // the indented lines, without their common indentation
};

[[nodiscard]] std::vector<Step> read_steps(const std::string& text);

// Fails the test where the server says something else, and on steps that make no sense.
void play(const std::string& file, const std::string& text);

}  // namespace scenarios
