internal import CNetlink

/// A rule of the routing policy: packets of a family look for their route in a table.
public struct RoutingRule: Hashable, Sendable {
  /// IPv4 or IPv6.
  public var family: AddressFamily
  /// The table's number.
  public var table: UInt32
  /// Rules of a lower number come first.
  public var priority: UInt32

  /// A rule for all packets of a family.
  public init(_ family: AddressFamily, table: UInt32, priority: UInt32) {
    self.family = family
    self.table = table
    self.priority = priority
  }
}

/// `RTM_NEWRULE`
struct AddRule: NetlinkRequest {
  var rule: RoutingRule

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWRULE)) }
  var messageFlags: MessageFlags { [.create, .exclusive] }

  func encode(into message: inout MessageBuilder) {
    // `struct fib_rule_hdr` is laid out like `struct rtmsg`.
    var info = RouteInfo()
    info.family = UInt8(truncatingIfNeeded: rule.family.rawValue)
    info.type = UInt8(FR_ACT_TO_TBL)
    message.append(info)
    message.append(.rulePriority, rule.priority)
    message.append(.ruleTableNumber, rule.table)
  }
}

extension RouteConnection {
  /// Adds a rule of the routing policy. Kernels without `CONFIG_IP_MULTIPLE_TABLES` and its like for
  /// IPv6 refuse.
  public mutating func add(_ rule: RoutingRule) throws(NetlinkError) {
    try execute(AddRule(rule: rule))
  }

  /// Deletes a rule.
  public mutating func delete(_ rule: RoutingRule) throws(NetlinkError) {
    try execute(Deletion(of: AddRule(rule: rule)))
  }
}

extension AttributeType {
  static var rulePriority: Self { Self(rawValue: UInt16(FRA_PRIORITY)) }
  static var ruleTableNumber: Self { Self(rawValue: UInt16(FRA_TABLE)) }
}
