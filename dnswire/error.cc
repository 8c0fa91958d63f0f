#include "dnswire/error.h"

namespace dnswire {

std::string_view describe(Error error) noexcept {
  switch (error) {
    case Error::Truncated:
      return "something is missing at the end";
    case Error::TrailingData:
      return "something is left over after the last field";
    case Error::LabelTooLong:
      return "a label is longer than 63 octets";
    case Error::NameTooLong:
      return "a name is longer than 255 octets";
    case Error::EmptyLabel:
      return "a label is empty";
    case Error::BadEscape:
      return "a backslash is not followed by a character or by three digits up to 255";
    case Error::BadPointer:
      return "a compression pointer stands where none may, or does not point back";
    case Error::BadLabelType:
      return "a label is of an unknown type";
    case Error::BadNumber:
      return "a number is malformed";
    case Error::NumberTooLarge:
      return "a number is too large";
    case Error::HostBitsSet:
      return "bits behind the prefix length are set";
    case Error::BadAddress:
      return "an IP address is malformed or of the wrong family";
    case Error::BadText:
      return "a quoted string does not end, or a character does not belong here";
    case Error::StringTooLong:
      return "a string is longer than 255 octets";
    case Error::RdataTooLong:
      return "the record data is longer than 65535 octets";
    case Error::BadRdata:
      return "the record data does not fit its type";
    case Error::BadEncoding:
      return "hexadecimal digits or Base64 are malformed";
    case Error::BadMnemonic:
      return "a word is neither a number nor the name of one";
    case Error::BadTime:
      return "a time is neither YYYYMMDDHHmmSS nor a number of seconds";
    case Error::BadLocation:
      return "a coordinate or a distance is malformed or out of range";
    case Error::BadDigestSize:
      return "the digest is not as long as its type demands";
    case Error::UnknownSvcParam:
      return "a service parameter is not known, it may be written as keyNNNNN";
    case Error::RepeatedSvcParam:
      return "a service parameter is written twice";
    case Error::BadSvcParam:
      return "the value of a service parameter does not fit its key";
    case Error::MissingSvcParam:
      return "a service parameter that mandatory or no-default-alpn asks for is missing";
    case Error::AliasWithSvcParams:
      return "an alias, priority 0, takes no service parameters";
    case Error::UnknownType:
      return "the record type is not known";
    case Error::UnknownClass:
      return "the class is not known";
  }
  return "something is wrong";
}

}  // namespace dnswire
