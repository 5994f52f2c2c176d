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

/// A rule of nf_tables, as far as names tell what it is made of.
public struct FilterRule: Hashable, Sendable {
  /// The table that it is in.
  public var table: FilterTable
  /// The chain that it is in.
  public var chain: String
  /// What the kernel calls its expressions, in their order: `meta`, `masq`; those of `iptables` with
  /// the extension's name: `match policy`, `target MASQUERADE`.
  public var expressions: [String]

  /// A rule of a chain.
  ///
  /// - Parameters:
  ///   - table: The table that it is in.
  ///   - chain: The chain that it is in.
  ///   - expressions: What it is made of, by the kernel's names.
  public init(_ table: FilterTable, chain: String, expressions: [String]) {
    self.table = table
    self.chain = chain
    self.expressions = expressions
  }
}

extension FilterRule {
  /// Reads the payload of `NFT_MSG_NEWRULE`.
  init(from reader: consuming ByteReader) throws(MalformedMessage) {
    let family = AddressFamily(rawValue: UInt16(try reader.read(NetfilterInfo.self).family))
    let isOfOne = [.ipv4, .ipv6].contains(family)
    self.init(
      FilterTable(family: isOfOne ? family : .unspecified, name: ""), chain: "", expressions: [])
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .ruleTable: table.name = try payload.readText()
      case .ruleChain: chain = try payload.readText()
      case .ruleExpressions:
        var list = attribute.attributes
        while let element = try list.next() {
          expressions.append(try Self.expression(element.attributes))
        }
      default: break
      }
    }
  }

  private static func expression(
    _ element: consuming AttributeReader
  ) throws(MalformedMessage) -> String {
    var name = ""
    while let attribute = try element.next() {
      var payload = attribute.reader
      if attribute.type == .expressionName {
        name = try payload.readText()
      } else if attribute.type == .expressionData, name == "match" || name == "target" {
        var data = attribute.attributes
        while let part = try data.next() {
          var text = part.reader
          if part.type == .extensionName { name += " " + (try text.readText()) }
        }
      }
    }
    return name
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
