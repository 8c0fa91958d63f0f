#include "dnswire/rr_type.h"

#include <gtest/gtest.h>

namespace dnswire {
namespace {

TEST(RrType, EveryNumberIsWrittenAndReadBack) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto type = static_cast<RrType>(number);
    EXPECT_EQ(rr_type_from_text(to_text(type)), type) << number;
    EXPECT_EQ(rr_type_from_text("TYPE" + std::to_string(number)), type) << number;
  }
}

TEST(RrType, IsWrittenAsMnemonicOrGenerically) {
  EXPECT_EQ(to_text(RrType::AAAA), "AAAA");
  EXPECT_EQ(to_text(RrType::CAA), "CAA");
  EXPECT_EQ(to_text(RrType::HTTPS), "HTTPS");
  EXPECT_EQ(to_text(RrType::NXNAME), "NXNAME");
  EXPECT_EQ(to_text(static_cast<RrType>(23)), "NSAP-PTR");  // whose RDATA nobody knows here
  EXPECT_EQ(to_text(static_cast<RrType>(65280)), "TYPE65280");
}

TEST(RrType, IsReadWhateverItsCase) {
  EXPECT_EQ(rr_type_from_text("cName"), RrType::CNAME);
  EXPECT_EQ(rr_type_from_text("type28"), RrType::AAAA);
  EXPECT_EQ(rr_type_from_text("Type65"), RrType::HTTPS);
}

TEST(RrType, RefusesWhatIsNoType) {
  for (const char* text : {"", "AA", "A ", "TYPE", "TYPE-1", "TYPE1x", "CLASS1", "IN"}) {
    EXPECT_EQ(rr_type_from_text(text), tl::unexpected(Error::UnknownType)) << text;
  }
  EXPECT_EQ(rr_type_from_text("TYPE65536"), tl::unexpected(Error::NumberTooLarge));
  EXPECT_EQ(rr_type_from_text("TYPE99999999999999999999"), tl::unexpected(Error::NumberTooLarge));
}

TEST(RrType, MetaTypesAreOptAndZeroAnd128To255) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    EXPECT_EQ(is_meta(static_cast<RrType>(number)),
              number == 0 || number == 41 || (number >= 128 && number <= 255));
  }
}

TEST(RrClass, EveryNumberIsWrittenAndReadBack) {
  for (unsigned number = 0; number <= 0xffff; ++number) {
    const auto klass = static_cast<RrClass>(number);
    EXPECT_EQ(rr_class_from_text(to_text(klass)), klass) << number;
  }
  EXPECT_EQ(to_text(RrClass::CH), "CH");
  EXPECT_EQ(to_text(static_cast<RrClass>(2)), "CLASS2");
  EXPECT_EQ(rr_class_from_text("class1"), RrClass::IN);
  EXPECT_EQ(rr_class_from_text("INN"), tl::unexpected(Error::UnknownClass));
  EXPECT_EQ(rr_class_from_text("CLASS65536"), tl::unexpected(Error::NumberTooLarge));
}

}  // namespace
}  // namespace dnswire
