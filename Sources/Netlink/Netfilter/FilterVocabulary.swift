/// A table of the packet filter.
public struct FilterTable: Hashable, Sendable {
  /// ``AddressFamily/unspecified`` stands for none of IPv4 and IPv6: tables of both, of bridges and
  /// the like.
  public var family: AddressFamily
  /// What it is called within its family.
  public var name: String

  /// A table of one family.
  public init(family: AddressFamily, name: String) {
    self.family = family
    self.name = name
  }
}

extension FilterTable {
  /// Reads the payload of `NFT_MSG_NEWRULE`.
  init(ofRule reader: consuming ByteReader) throws(MalformedMessage) {
    let info: NetfilterInfo = try reader.read()
    let family = AddressFamily(rawValue: UInt16(info.family))
    self.init(family: [.ipv4, .ipv6].contains(family) ? family : .unspecified, name: "")
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      if attribute.type == .ruleTable { name = try payload.readText() }
    }
  }
}

/// What may be part of a rule of nf_tables, as far as IPsec has use for it.
public enum FilterExpression: Hashable, Sendable {
  /// The request ID of the SA that a packet came through: `ipsec in reqid`.
  case requestID
  /// The address of the interface that a packet leaves by, instead of its own: `masquerade`.
  case masquerade
  /// Has ``equals(_:)`` look at the number of the interface that a packet leaves by: `meta oif`.
  case outgoingInterface
  /// Goes on only with packets of which what was loaded before is this.
  case equals(UInt32)
  /// One by the kernel's name for it, without attributes.
  case unknown(String)
}

/// Where a chain gets its packets from.
public enum FilterChainKind: Hashable, Sendable {
  /// From other chains.
  case regular
  /// From everything that is sent, to change its source.
  case sourceNAT

  // Their headers cannot be imported beside those of the C library.
  /// `NF_INET_POST_ROUTING`
  static let postrouting: UInt32 = 4
  /// `NF_IP_PRI_NAT_SRC`
  static let sourceNATPriority: Int32 = 100
}

/// A match or a target of `iptables`, which the kernel must have for each rule that names it.
public struct FilterExtension: Hashable, Sendable {
  /// `policy`, `MASQUERADE`
  public var name: String
  /// Whether it does something to packets (`-j`) and not only looks at them (`-m`).
  public var isTarget: Bool

  /// What `-m NAME` names.
  public static func match(_ name: String) -> Self { Self(name: name, isTarget: false) }

  /// What `-j NAME` names.
  public static func target(_ name: String) -> Self { Self(name: name, isTarget: true) }
}

extension FilterExtension {
  /// What it means that the kernel does not have revision 0 of an extension: that it has others
  /// only, or none.
  ///
  /// - Throws: What tells neither.
  static func isKnown(after error: NetlinkError) throws(NetlinkError) -> Bool {
    guard case .refused(let refusal) = error else { throw error }
    switch refusal.errno {
    case .protocolNotSupported: return true
    case .noSuchFile: return false
    default: throw error
    }
  }
}

extension FilterExtension: CustomStringConvertible {
  /// `match policy`, `target MASQUERADE`
  public var description: String { "\(isTarget ? "target" : "match") \(name)" }
}
