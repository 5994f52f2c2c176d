internal import CNetlink

/// The packet filter of a network namespace: nf_tables, and the extensions of `iptables`.
public struct NetfilterConnection: ~Copyable, Sendable {
  private var connection: NetlinkConnection

  /// Opens a connection in a network namespace, the calling thread's if `nil`. The kernel loads
  /// nfnetlink for it.
  public init(in namespace: NetworkNamespace? = nil) throws(NetlinkError) {
    connection = try NetlinkConnection(.netfilter, in: namespace)
  }

  /// Makes a table with a chain and a rule, and takes all of it away again before any packet meets
  /// it. The kernel loads what the rule takes.
  ///
  /// - Parameters:
  ///   - expressions: What the rule is made of.
  ///   - kind: The kind of chain that the rule is in.
  ///   - family: The family of the table.
  public mutating func tryRule(
    _ expressions: [FilterExpression], in kind: FilterChainKind = .regular,
    of family: AddressFamily
  ) throws(NetlinkError) {
    let table = FilterTable(family: family, name: "xfrmctl-probe")
    let chain = "probe"
    let requests: [NetfilterRequest] = [
      .begin, .add(table), .add(chain: chain, kind, to: table),
      .add(rule: expressions, to: chain, of: table), .delete(table), .end,
    ]
    try connection.execute(transaction: requests)
  }

  /// Has what leaves by an interface bear its address, in a table that is made for it.
  ///
  /// - Parameters:
  ///   - interfaceIndex: The interface's number.
  ///   - name: What the table is called; there must be none of that name.
  ///   - family: The family of the packets.
  public mutating func masquerade(
    leavingBy interfaceIndex: Int32, table name: String, _ family: AddressFamily
  ) throws(NetlinkError) {
    let table = FilterTable(family: family, name: name)
    let chain = "postrouting"
    let rule: [FilterExpression] = [
      .outgoingInterface, .equals(UInt32(bitPattern: interfaceIndex)), .masquerade,
    ]
    let requests: [NetfilterRequest] = [
      .begin, .add(table), .add(chain: chain, .sourceNAT, to: table),
      .add(rule: rule, to: chain, of: table), .end,
    ]
    try connection.execute(transaction: requests)
  }

  /// Whether the kernel has an extension for `iptables` that translates to nf_tables. It is loaded
  /// if need be.
  ///
  /// - Throws: `EINVAL` if the kernel has no nft_compat.
  public mutating func knows(
    _ wanted: FilterExtension, for family: AddressFamily
  ) throws(NetlinkError) -> Bool {
    do throws(NetlinkError) {
      try connection.execute(NetfilterRequest.revision(of: wanted, for: family))
      return true
    } catch {
      return try FilterExtension.isKnown(after: error)
    }
  }

  /// The rules of all tables of nf_tables, as far as names tell what they are made of.
  public mutating func rules() throws(NetlinkError) -> [FilterRule] {
    var rules: [FilterRule] = []
    try connection.dump(NetfilterRequest.rules) { (message) throws(MalformedMessage) in
      rules.append(try FilterRule(from: message.reader))
    }
    return rules
  }

  /// How many rules each table of nf_tables has; those without are left out.
  public mutating func ruleCounts() throws(NetlinkError) -> [FilterTable: Int] {
    try rules().reduce(into: [:]) { $0[$1.table, default: 0] += 1 }
  }
}
