internal import CNetlink

/// How bad what an interface sends gets on its way: netem, `CONFIG_NET_SCH_NETEM`.
public struct LinkImpairment: Hashable, Sendable {
  /// How long a packet is under way, in microseconds.
  public var delay: UInt64 = 0
  /// How much longer or shorter, at most.
  public var jitter: UInt64 = 0
  /// Which part of the packets is lost, in millionths.
  public var loss: UInt32 = 0
  /// How fast it goes, in bits a second; `nil` for as fast as it can.
  public var rate: UInt64?

  /// A way without any.
  public init() {}

  /// Whether nothing becomes worse.
  public var isNone: Bool { self == LinkImpairment() }
}

extension RouteConnection {
  /// Makes what an interface sends worse.
  ///
  /// - Parameters:
  ///   - name: The interface.
  ///   - impairment: In which way.
  public mutating func impair(
    _ name: String, _ impairment: LinkImpairment
  ) throws(NetlinkError) {
    try execute(
      AddImpairment(interfaceIndex: try interfaceIndex(name), impairment: impairment))
  }
}

/// `RTM_NEWQDISC` for the root of an interface.
private struct AddImpairment: NetlinkRequest {
  var interfaceIndex: Int32
  var impairment: LinkImpairment

  var messageType: MessageType { MessageType(rawValue: UInt16(RTM_NEWQDISC)) }
  var messageFlags: MessageFlags { [.create, .exclusive] }

  /// `TC_H_ROOT`
  private static let root = UInt32.max
  /// So many packets may be under way at once.
  private static let room: UInt32 = 10_000

  func encode(into message: inout MessageBuilder) {
    // `struct tcmsg`: family and padding, interface, handle, parent, info.
    message.append(UInt32(0))
    message.append(interfaceIndex)
    message.append(UInt32(0))
    message.append(Self.root)
    message.append(UInt32(0))
    message.append(.queueKind) { $0.append("netem") }
    message.append(.queueOptions) { options in
      // `struct tc_netem_qopt`: latency, limit, loss, gap, duplicate, jitter. Times stand in
      // attributes, whose unit is not the kernel's own.
      let loss = UInt64(impairment.loss) * UInt64(UInt32.max) / 1_000_000
      for value in [0, Self.room, UInt32(truncatingIfNeeded: loss), 0, 0, 0] {
        options.append(value)
      }
      options.append(.netemDelay, impairment.delay &* 1000)
      options.append(.netemJitter, impairment.jitter &* 1000)
      guard let rate = impairment.rate else { return }
      let bytes = rate / 8
      // `struct tc_netem_rate`: rate, overhead for packets, size of and overhead for cells.
      options.append(.netemRate) { field in
        field.append(UInt32(clamping: bytes))
        field.append(zeros: 12)
      }
      if bytes > UInt32.max { options.append(.netemRate64, bytes) }
    }
  }
}

// Of linux/pkt_sched.h and linux/rtnetlink.h, which the C library's module does not have.
extension AttributeType {
  static var queueKind: Self { Self(rawValue: 1) }
  static var queueOptions: Self { Self(rawValue: 2) }
  static var netemRate: Self { Self(rawValue: 6) }
  static var netemRate64: Self { Self(rawValue: 8) }
  static var netemDelay: Self { Self(rawValue: 10) }
  static var netemJitter: Self { Self(rawValue: 11) }
}
