import XFRMKit

/// A set of flags with words for its bits.
protocol FlagWorded: OptionSet where RawValue: FixedWidthInteger & UnsignedInteger {
  /// As `ip xfrm` spells them, where it does.
  static var words: [(flag: Self, word: StaticString)] { get }
}

extension FlagWorded where Element == Self {
  /// A word for each bit that is set, and then the bits without a word as one number.
  var words: [Scalar] {
    // Most entries have none, and a list may have a million of them.
    guard rawValue != 0 else { return [] }
    var unknown = rawValue
    var words: [Scalar] = []
    for (flag, word) in Self.words where contains(flag) {
      words.append(.word(word))
      unknown &= ~flag.rawValue
    }
    return unknown == 0 ? words : words + [.raw(UInt64(unknown))]
  }
}

extension SecurityAssociation.Flags: FlagWorded {
  static let words: [(flag: Self, word: StaticString)] = [
    (.noECN, "noecn"), (.decapsulateDSCP, "decap-dscp"), (.noPathMTUDiscovery, "nopmtudisc"),
    (.wildcardReceive, "wildrecv"), (.icmp, "icmp"), (.anyFamily, "af-unspec"),
    (.align4, "align4"), (.extendedSequenceNumbers, "esn"),
  ]
}

extension SecurityAssociation.ExtraFlags: FlagWorded {
  static let words: [(flag: Self, word: StaticString)] = [
    (.dontEncapsulateDSCP, "dont-encap-dscp"), (.sequenceMayWrap, "oseq-may-wrap"),
  ]
}

extension SecurityAssociation.Offload.Flags: FlagWorded {
  static let words: [(flag: Self, word: StaticString)] = [
    (.incoming, "in"), (.packet, "packet"), (Self(rawValue: 1), "ipv6"),
  ]
}

extension Policy.Flags: FlagWorded {
  static let words: [(flag: Self, word: StaticString)] = [
    (.localOK, "localok"), (.icmp, "icmp"), (.acquirePerCPU, "acquire-per-cpu"),
  ]
}

extension AssociationCheckpoint.Flags: FlagWorded {
  static let words: [(flag: Self, word: StaticString)] = [
    (.packets, "packet-threshold"), (Self(rawValue: 2), "sequence-numbers"),
    (Self(rawValue: 4), "counters"), (.timer, "timer-threshold"),
    (.packetsPassed, "packets-passed"), (.timePassed, "time-passed"), (.wasSet, "was-set"),
  ]
}
