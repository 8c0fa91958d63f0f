// SVCB and HTTPS, between text and octets. The examples named D are those of RFC 9460, appendix D.
#include "dnswire/svcb.h"

#include <gtest/gtest.h>

#include "presented.h"

namespace dnswire {
namespace {

using testing::error_of;
using testing::hex_of;
using testing::octets;
using testing::rewritten;
using testing::wire_error;

constexpr auto kSvcb = RrType::SVCB;
const std::string kFoo = "03666F6F076578616D706C6503636F6D00";

// What follows "1 ." in octets.
std::string params(std::string_view text) {
  const std::string hex = hex_of(kSvcb, "1 . " + std::string(text));
  return hex.starts_with("000100") ? hex.substr(6) : hex;
}
Error refused(std::string_view text) { return error_of(kSvcb, "1 . " + std::string(text)); }
std::string again(std::string_view text) { return rewritten(kSvcb, "1 . " + std::string(text)); }
Error refused_on_wire(std::string_view digits) {
  return wire_error(kSvcb, "0001 00" + std::string(digits));
}
bool sound_on_wire(std::string_view digits) {
  return check_rdata(kSvcb, octets("0001 00" + std::string(digits))).has_value();
}

TEST(Svcb, ReadsAliasesAndServicesWithoutParameters) {
  EXPECT_EQ(hex_of(RrType::HTTPS, "0 foo.example.com."), "0000" + kFoo);  // D.1
  EXPECT_EQ(hex_of(kSvcb, "1 ."), "000100");                              // D.2
  EXPECT_EQ(rewritten(RrType::HTTPS, "0 foo.example.com."), "0 foo.example.com.");
}

TEST(Svcb, ReadsTheVectorsOfRfc9460AppendixD2) {
  EXPECT_EQ(hex_of(kSvcb, "16 foo.example.com. port=53"), "0010" + kFoo + "000300020035");
  EXPECT_EQ(hex_of(kSvcb, "1 foo.example.com. key667=hello"), "0001" + kFoo + "029B000568656C6C6F");
  EXPECT_EQ(hex_of(kSvcb, R"(1 foo.example.com. key667="hello\210qoo")"),
            "0001" + kFoo + "029B000968656C6C6FD2716F6F");
  EXPECT_EQ(params("ipv6hint=\"2001:db8::1,2001:db8::53:1\""),
            "0006002020010DB800000000000000000000000120010DB8000000000000000000530001");
  EXPECT_EQ(params("ipv6hint=2001:db8:122:344::192.0.2.33"),
            "0006001020010DB80122034400000000C0000221");
  EXPECT_EQ(params("alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1"),
            "000000040001000400010009026832"
            "0568332D313900040004C0000201");
  for (const char* text : {R"(alpn="f\\\\oo\\,bar,h2")", R"(alpn=f\\\092oo\092,bar,h2)"}) {
    EXPECT_EQ(params(text), "0001000C08665C6F6F2C626172026832") << text;
  }
}

TEST(Svcb, RefusesTheFailuresOfRfc9460AppendixD3) {
  EXPECT_EQ(refused("key123=abc key123=def"), Error::RepeatedSvcParam);
  for (const char* text : {"mandatory", "alpn", "port", "ipv4hint", "ipv6hint", "ech", "dohpath",
                           "no-default-alpn=abc alpn=h2", "ohttp=x", "mandatory=mandatory",
                           "mandatory=key123,key123 key123=abc"}) {
    const Error error = refused(text);
    EXPECT_TRUE(error == Error::BadSvcParam || error == Error::BadNumber ||
                error == Error::BadAddress || error == Error::UnknownSvcParam)
        << text << ": " << describe(error);
  }
  EXPECT_EQ(refused("mandatory=key123"), Error::MissingSvcParam);
}

TEST(Svcb, SortsKeysAndWritesThemByName) {
  EXPECT_EQ(again("key65333=value dohpath=/dns-query{?dns} ipv6hint=2001:DB8::1 ech=AEj+DQBE "
                  "ipv4hint=192.0.2.1,192.0.2.2 port=08443 no-default-alpn alpn=h2 "
                  "mandatory=port,alpn ohttp"),
            "1 . mandatory=alpn,port alpn=\"h2\" no-default-alpn port=8443 "
            "ipv4hint=192.0.2.1,192.0.2.2 ech=AEj+DQBE ipv6hint=2001:db8::1 "
            "dohpath=\"/dns-query{?dns}\" ohttp key65333=\"value\"");
}

TEST(Svcb, TakesTheValueOfAKnownKeyInWireFormatToo) {
  EXPECT_EQ(again(R"(key1="\002h2\003foo" key3="\001\187" key2)"),
            "1 . alpn=\"h2,foo\" no-default-alpn port=443");
  EXPECT_EQ(refused(R"(key1="\003h2")"), Error::BadSvcParam);
  EXPECT_EQ(refused("key3=4430"), Error::BadSvcParam);
  EXPECT_EQ(refused("alpn=h2 key1=\"\\002h2\""), Error::RepeatedSvcParam);
}

TEST(Svcb, TakesKeysInSmallLettersAndWithoutLeadingZerosAlone) {
  for (const char* text : {"ALPN=h2", "key", "key01=x", "key65535=x", "key65536=x", "key-1", "=x",
                           "esniconfig=x", "Key7=x", "key1x=y", "alpn2=h2"}) {
    EXPECT_EQ(refused(text), Error::UnknownSvcParam) << text;
  }
  EXPECT_EQ(params("key65534"), "FFFE0000");
  EXPECT_EQ(params("key65534="), "FFFE0000");
  EXPECT_EQ(params("key65534=\"\""), "FFFE0000");
  EXPECT_EQ(again("key65534=\"\""), "1 . key65534");
}

TEST(Svcb, KeepsCommasBackslashesAndQuotesInProtocolNames) {
  const std::string text = R"(1 . alpn="a\\,b,c\\\\d,\"\000,h2")";
  EXPECT_EQ(rewritten(kSvcb, text), text);
  EXPECT_EQ(hex_of(kSvcb, text),
            "000100"
            "0001000E"
            "03612C62"
            "03635C64"
            "022200"
            "026832");
  for (const char* bad :
       {"alpn=,h2", "alpn=h2,", "alpn=a,,b", R"(alpn=\,abc)", R"(alpn="a\\b")", R"(alpn="a\\")"}) {
    EXPECT_EQ(refused(bad), Error::BadSvcParam) << bad;
  }
  EXPECT_EQ(params("alpn=" + std::string(255, 'a')).substr(0, 12), "00010100FF61");
  EXPECT_EQ(refused("alpn=" + std::string(256, 'a')), Error::BadSvcParam);
}

TEST(Svcb, WantsWhatMandatoryAndNoDefaultAlpnAskFor) {
  EXPECT_EQ(refused("no-default-alpn"), Error::MissingSvcParam);
  EXPECT_EQ(refused("mandatory=alpn,port alpn=h2"), Error::MissingSvcParam);
  EXPECT_EQ(refused("mandatory=alpn,alpn alpn=h2"), Error::BadSvcParam);
  EXPECT_EQ(refused("mandatory=foo"), Error::UnknownSvcParam);
  EXPECT_EQ(params("mandatory=key667 key667"), "00000002029B029B0000");
  EXPECT_EQ(params("mandatory=key3 port=1"),
            "00000002000300030002"
            "0001");
}

TEST(Svcb, ChecksNumbersAddressesAndBase64) {
  EXPECT_EQ(refused("port=65536"), Error::NumberTooLarge);
  EXPECT_EQ(refused("port=-1"), Error::BadNumber);
  EXPECT_EQ(refused("ipv4hint=2001:db8::1"), Error::BadAddress);
  EXPECT_EQ(refused("ipv4hint=192.0.2.1,"), Error::BadAddress);
  EXPECT_EQ(refused("ipv6hint=192.0.2.1"), Error::BadAddress);
  EXPECT_EQ(refused("ech=AAA"), Error::BadEncoding);
  EXPECT_EQ(refused("ech=\"\""), Error::BadSvcParam);
  EXPECT_EQ(refused("alpn=h2 junk\""), Error::BadText);
  EXPECT_EQ(refused("alpn=\"h2"), Error::BadText);
  EXPECT_EQ(refused("alpn=\"h2\"x"), Error::BadText);
  EXPECT_EQ(refused("alpn=h\"2\""), Error::BadText);
  EXPECT_EQ(refused("key667=a\\25"), Error::BadEscape);
}

TEST(Svcb, WantsAPathTemplateWithTheVariableDns) {
  for (const char* path : {"/{?dns}", "/q{?x,dns}", "/{a}/{dns}", "/{dns*}", "/{?dns:9}"}) {
    EXPECT_NE(params("dohpath=" + std::string(path)).substr(0, 4), "") << path;
    EXPECT_EQ(again("dohpath=" + std::string(path)), "1 . dohpath=\"" + std::string(path) + "\"");
  }
  for (const char* path : {"{?dns}", "/q", "/{?dn}", "/{?dns", "/{x}dns", "/{??dns}", "/{}",
                           "https://doh.example/{?dns}"}) {
    EXPECT_EQ(refused("dohpath=" + std::string(path)), Error::BadSvcParam) << path;
  }
}

TEST(Svcb, TakesNoParametersOfAnAliasFromText) {
  EXPECT_EQ(error_of(RrType::HTTPS, "0 . alpn=h2"), Error::AliasWithSvcParams);
  EXPECT_EQ(error_of(kSvcb, "0 svc.example. mandatory=alpn"), Error::AliasWithSvcParams);
}

// RFC 9460 2.4.2: recipients ignore them. They are kept as they came.
TEST(Svcb, KeepsParametersOfAnAliasThatCameInOctets) {
  const std::string text = "\\# 9 000000000300020035";
  EXPECT_TRUE(check_rdata(kSvcb, octets("0000 00 0003 0002 0035")));
  EXPECT_EQ(rewritten(kSvcb, text), text);
  EXPECT_EQ(wire_error(kSvcb, "0000 00 0003 0001 35"), Error::BadRdata);
}

TEST(Svcb, RefusesKeysThatDoNotAscend) {
  EXPECT_TRUE(sound_on_wire("0001 0003 026832 0003 0002 01bb"));
  EXPECT_EQ(refused_on_wire("0003 0002 01bb 0001 0003 026832"), Error::BadRdata);
  EXPECT_EQ(refused_on_wire("0003 0002 01bb 0003 0002 01bb"), Error::BadRdata);
  EXPECT_EQ(refused_on_wire("ffff 0000"), Error::BadRdata);
}

TEST(Svcb, RefusesOctetsThatDoNotFitTheirKey) {
  for (const char* digits :
       {"0000 0000",
        "0000 0001 00",
        "0000 0002 0000 0001 0003 026832",                      // mandatory
        "0000 0004 0003 0001 0001 0003 026832 0003 0002 0035",  // not ascending
        "0000 0004 0001 0001 0001 0003 026832",
        "0000 0002 0001",  // twice; not there
        "0001 0000",
        "0001 0001 00",
        "0001 0003 036832",
        "0001 0004 02683200",
        "0001 0003 026832 0002 0001 00",
        "0002 0000",
        "0003 0000",
        "0003 0001 35",
        "0003 0003 000035",
        "0004 0000",
        "0004 0003 c00002",
        "0004 0005 c000020101",
        "0005 0000",
        "0006 0000",
        "0006 0004 c0000201",
        "0007 0000",
        "0007 0001 2f",
        "0008 0001 00"}) {
    EXPECT_EQ(refused_on_wire(digits), Error::BadRdata) << digits;
    EXPECT_EQ(rdata_to_text(kSvcb, octets("0001 00" + std::string(digits))).substr(0, 3), "\\# ");
  }
}

TEST(Svcb, RefusesLengthsThatReachBehindTheEnd) {
  for (const char* digits : {"00", "0003 00", "0003 0002", "0003 0002 00", "ff00 ffff 61",
                             "0001 0003 026832 0003 ffff"}) {
    EXPECT_EQ(refused_on_wire(digits), Error::Truncated) << digits;
  }
}

// Values whose lengths add up to more than sixteen bits: none may wrap around.
TEST(Svcb, RefusesParametersLongerThanRdata) {
  const std::string half(33000, 'x');
  EXPECT_EQ(refused("key1000=" + half + " key1001=" + half), Error::RdataTooLong);
  EXPECT_EQ(refused("key1000=" + std::string(65537, 'x')), Error::RdataTooLong);
  EXPECT_EQ(refused("key1000=" + std::string(1 << 20, 'x')), Error::RdataTooLong);
  EXPECT_EQ(params("key1000=" + std::string(65528, 'x')).substr(0, 10), "03E8FFF878");
  EXPECT_EQ(refused("key1000=" + std::string(65529, 'x')), Error::RdataTooLong);
  std::string protocols = "alpn=h2";
  while (protocols.size() < 66000) protocols += "," + std::string(255, 'a');
  EXPECT_EQ(refused(protocols), Error::RdataTooLong);
  std::string many;
  for (int key = 100; key < 20000; ++key) many += "key" + std::to_string(key) + " ";
  EXPECT_EQ(refused(many), Error::RdataTooLong);
}

}  // namespace
}  // namespace dnswire
