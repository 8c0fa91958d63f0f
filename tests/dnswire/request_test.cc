#include "dnswire/request.h"

#include <gtest/gtest.h>

namespace dnswire {
namespace {

struct RequestTest : testing::Test {
  Name name = Name::from_text("www.example.").value();
  Request request{4711, true, {name, RrType::AAAA, RrClass::IN}};

  // The request itself, said to be its answer.
  Response reply() const {
    auto octets = request.to_bytes();
    octets[2] |= 0x80;
    return Response::parse(octets).value();
  }
};

TEST_F(RequestTest, IsAQueryWithEdns) {
  const auto octets = request.to_bytes();
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_EQ(query->header.id, 4711);
  EXPECT_TRUE(query->header.rd);
  EXPECT_EQ(query->question.name, name);
  EXPECT_EQ(query->question.type, RrType::AAAA);
  ASSERT_TRUE(query->edns);
  EXPECT_EQ(query->edns->udp_size, kOurUdpSize);
  request.recursion_desired = false;
  EXPECT_FALSE(parse_query(request.to_bytes())->header.rd);
}

TEST_F(RequestTest, HasRoomForTheLongestName) {
  const std::string label(63, 'x');
  name = Name::from_text(label + "." + label + "." + label + "." + label.substr(2) + ".").value();
  request.question.name = name;
  EXPECT_EQ(name.view().size(), kMaxNameSize);
  const auto octets = request.to_bytes();
  const auto query = parse_query(octets);
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->edns);
}

TEST_F(RequestTest, IsAnsweredByARepetitionOfItsQuestionInAnyCase) {
  Response response = reply();
  EXPECT_TRUE(request.is_answered_by(response));
  response.question->name = Name::from_text("WWW.Example.").value();
  EXPECT_TRUE(request.is_answered_by(response));
}

TEST_F(RequestTest, IsNotAnsweredByAnythingElse) {
  const auto is_one = [&](const auto& change) {
    Response response = reply();
    change(response);
    return request.is_answered_by(response);
  };
  EXPECT_FALSE(is_one([](Response& response) { response.header.qr = false; }));
  EXPECT_FALSE(is_one([](Response& response) { response.header.id = 4712; }));
  EXPECT_FALSE(is_one([](Response& response) { response.header.opcode = Opcode::Notify; }));
  EXPECT_FALSE(is_one([](Response& response) { response.question->type = RrType::A; }));
  EXPECT_FALSE(is_one([](Response& response) { response.question->klass = RrClass::CH; }));
  EXPECT_FALSE(is_one([](Response& response) { response.question->name = Name(); }));
}

TEST_F(RequestTest, MayBeAnsweredByAnErrorWithoutTheQuestion) {
  Response response = reply();
  response.question.reset();
  EXPECT_FALSE(request.is_answered_by(response));
  response.header.rcode = Rcode::FormErr;
  EXPECT_TRUE(request.is_answered_by(response));
}

}  // namespace
}  // namespace dnswire
