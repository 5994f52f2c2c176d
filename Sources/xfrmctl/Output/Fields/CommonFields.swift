import XFRMKit

// Parts that SAs and policies share.

extension Lifetime: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("soft", value?.soft.ifSet)
    field("hard", value?.hard.ifSet)
  }

  /// `nil` if nothing is limited.
  var ifSet: Lifetime? { self == Lifetime() ? nil : self }
}

extension Lifetime.Limits: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("bytes", value.flatMap { $0.bytes == Lifetime.unlimited ? nil : $0.bytes })
    field("packets", value.flatMap { $0.packets == Lifetime.unlimited ? nil : $0.packets })
    field("secondsFromAdd", value?.secondsFromAdd.nonzero)
    field("secondsFromUse", value?.secondsFromUse.nonzero)
  }

  fileprivate var ifSet: Lifetime.Limits? { self == Lifetime.Limits() ? nil : self }
}

extension Usage: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("bytes", value?.bytes)
    field("packets", value?.packets)
    field("addedAt", value?.addedAt.moment)
    field("firstUsedAt", value?.firstUsedAt.moment)
  }
}

extension UInt64 {
  /// The moment so many seconds after 1970; `nil` for 0, which the kernel means as never.
  var moment: Timestamp? { self == 0 ? nil : Timestamp(seconds: self) }
}

extension Mark: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("value", value?.value)
    field("mask", value?.mask)
  }
}

extension SecurityAssociation.Offload: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("interfaceIndex", value?.interfaceIndex)
    field("flags", value?.flags.words)
  }
}

extension SecurityContext: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("algorithm", value?.algorithm)
    field("domain", value?.domain)
    let text = value.flatMap { String(validating: $0.label, as: UTF8.self) }
    field("label", text)
    field("labelHex", text == nil ? value?.label.hexadecimal : nil)
  }
}

extension OtherAttribute: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    field("type", value?.type.rawValue)
    // Nobody knows whether there are keys in it.
    field("bytes", value.map { UInt($0.payload.count) })
  }
}

extension [OtherAttribute] {
  /// `nil` if there is none.
  var ifAny: [OtherAttribute]? { isEmpty ? nil : self }
}

extension [UInt8] {
  /// Two digits for each.
  var hexadecimal: String {
    map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
