#include "zones/master_text.h"

namespace zones {
namespace {

class Scanner {
 public:
  void read(char c) {
    if (c == '\n') return end_line();
    if (in_comment_) return;
    if (escaped_) {
      escaped_ = false;
    } else if (c == '\\') {
      escaped_ = true;
    } else if (c == '"') {
      in_quotes_ = !in_quotes_;
    } else if (!in_quotes_) {
      read_outside_quotes(c);
    }
  }

  std::vector<TextProblem> finish() && {
    end_line();
    if (depth_ > 0) {
      problems_.push_back({opened_, "this line opens a parenthesis that is never closed"});
    }
    return std::move(problems_);
  }

 private:
  void read_outside_quotes(char c) {
    if (c == ';') in_comment_ = true;
    if (c == '(' && depth_++ == 0) opened_ = line_;
    if (c == ')' && depth_-- == 0) {
      problems_.push_back({line_, "this line closes a parenthesis that is not open"});
      depth_ = 0;
    }
  }

  void end_line() {
    if (in_quotes_) problems_.push_back({line_, "a quoted string does not end on its line"});
    in_quotes_ = in_comment_ = escaped_ = false;
    ++line_;
  }

  std::vector<TextProblem> problems_;
  int line_ = 1;
  int opened_ = 0;  // the line of the outermost parenthesis
  int depth_ = 0;
  bool in_quotes_ = false;
  bool in_comment_ = false;
  bool escaped_ = false;
};

}  // namespace

std::vector<TextProblem> scan_master_text(std::string_view text) {
  Scanner scanner;
  for (const char c : text) scanner.read(c);
  return std::move(scanner).finish();
}

}  // namespace zones
