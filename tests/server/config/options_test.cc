#include "server/config/options.h"

#include "tests/server/config/files.h"

namespace config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class OptionsFile : public Files {
 protected:
  std::optional<Options> read(const std::string& text) {
    problems_.clear();
    return load_options(write("fairlead.yaml", text), problems_);
  }
  std::vector<std::string> complaints(const std::string& text) {
    write("zones/a.yaml", "zone: example.org\nrecords:\n" + kApex);
    write("fairlead.yaml", text);
    return problems();
  }
  zones::Problems problems_;
};

TEST_F(OptionsFile, HasDefaultsForEverythingButZones) {
  const auto options = read("zones: /etc/fairlead/zones\n");
  ASSERT_TRUE(options);
  ASSERT_EQ(options->listen.size(), 2U);
  EXPECT_EQ(options->listen[0].to_text(), "0.0.0.0:53");
  EXPECT_EQ(options->listen[1].to_text(), "[::]:53");
  EXPECT_EQ(options->workers, WorkerOptions{});
  EXPECT_EQ(options->admin.to_text(), "127.0.0.1:8053");
  EXPECT_FALSE(options->databases);
  EXPECT_EQ(options->state, "/var/lib/fairlead");
  EXPECT_EQ(options->log_level, LogLevel::Info);
  EXPECT_EQ(options->log_format, LogFormat::Text);
}

TEST_F(OptionsFile, ReadsEveryOption) {
  const auto options = read(
      "listen: [127.0.0.1:5300, \"[::1]:5300\"]\nworkers: 4\nadmin: {listen: 127.0.0.1:0}\n"
      "zones: zones\ngeo: {databases: [a.mmdb, /b.mmdb]}\nstate: state\n"
      "log: {level: debug, format: json}\n");
  ASSERT_TRUE(options);
  EXPECT_EQ(options->listen[1].to_text(), "[::1]:5300");
  EXPECT_EQ(options->workers.count, 4U);
  EXPECT_EQ(options->admin.port, 0);
  EXPECT_EQ(options->zones, (folder_ / "zones").string()) << "relative to the file";
  EXPECT_THAT(*options->databases, ElementsAre((folder_ / "a.mmdb").string(), "/b.mmdb"));
  EXPECT_EQ(options->log_level, LogLevel::Debug);
  EXPECT_EQ(options->log_format, LogFormat::Json);
}

TEST_F(OptionsFile, SaysWhatIsWrong) {
  EXPECT_THAT(
      complaints("zones: zones\nlisten: [127.0.0.1]\nworkers: many\nlogs: {}\n"),
      ElementsAre("fairlead.yaml:4:1: unknown key `logs` in fairlead.yaml, did you mean `log`?",
                  HasSubstr("fairlead.yaml:2:10: `listen`: '127.0.0.1' has no port"),
                  HasSubstr("fairlead.yaml:3:10: `workers` (`auto`, or how many) is `many`")));
  EXPECT_THAT(complaints("listen: 127.0.0.1:0\n"),
              ElementsAre("fairlead.yaml:1:1: fairlead.yaml lacks `zones`"));
  EXPECT_THAT(complaints("zones: zones\nlisten: [127.0.0.1:53, 127.0.0.1:53]\n"),
              ElementsAre(HasSubstr("names 127.0.0.1:53 twice")));
  EXPECT_THAT(complaints("zones: zones\nlog: {level: loud}\n"),
              ElementsAre(HasSubstr("`level` of `log` is `loud`, which is none of")));
  EXPECT_THAT(complaints("zones: nosuch\n"),
              ElementsAre(HasSubstr("nosuch: the folder of zones cannot be read")));
  EXPECT_THAT(complaints(""), ElementsAre("fairlead.yaml: is empty"));
  EXPECT_THAT(complaints("zones: [unclosed\n"), ElementsAre(HasSubstr("not YAML")));
  EXPECT_THAT(complaints("a: 1\n---\nb: 2\n"), ElementsAre(HasSubstr("several YAML documents")));
}

TEST_F(OptionsFile, SaysThatItCannotBeRead) {
  std::filesystem::remove(folder_ / "fairlead.yaml");
  EXPECT_THAT(problems(), ElementsAre("fairlead.yaml: cannot be read: No such file or directory"));
}

}  // namespace
}  // namespace config
