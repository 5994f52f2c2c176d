import Netlink
import TestSupport

@testable import XFRMKit

/// What a kernel might announce, at random. Left out is what iproute2 6.1 prints in another way than
/// 7.1: direction and CPU, which it ignores, and offload, of which it does not tell the mode, and for
/// policies a direction.
///
/// The kernel aligns the end of every message, and so does this.
struct RandomMessages {
  var dice: Dice

  mutating func next() -> [UInt8] {
    var message = MessageBuilder()
    switch dice.below(20) {
    case 0...7: append(association(), to: &message)
    case 8...13: append(policy(), to: &message)
    case 14: message.append(.acquire) { acquire().encode(into: &$0) }
    case 15: message.append(.newCheckpoint) { dice.checkpoint().encode(into: &$0) }
    case 16: message.append(.mapping) { $0.append(mapping()) }
    case 17: message.append(.report) { appendReport(to: &$0) }
    case 18: appendFlush(to: &message)
    default: appendRest(to: &message)
    }
    return message.bytes.indices.map { message.bytes[$0] }
  }

  // MARK: SAs

  private mutating func association() -> SecurityAssociation {
    var value = dice.association()
    if dice.chance(70) {
      value.proto = [.esp, .ah, .ipComp][dice.below(3)]
      value.mode = [.transport, .tunnel, .beet, .iptfs][dice.below(4)]
    }
    value.selector = selector(of: value.family, orAny: true)
    value.encapsulation?.kind = .init(rawValue: UInt16(dice.below(9)))
    value.direction = nil
    value.cpu = nil
    value.offload = nil
    value.securityContext = dice.maybe { $0.label() }
    value.usage = usage()
    value.statistics.outsideReplayWindow = dice.number()
    value.statistics.replayed = dice.number()
    value.statistics.integrityFailed = dice.number()
    value.lastUsedAt = dice.maybe { $0.time() }
    for type in SecurityAssociation.requestOrder + [.lastUsed] {
      value.attributeSequence.append(type, isKnown: true)
    }
    return value
  }

  private mutating func append(_ value: SecurityAssociation, to message: inout MessageBuilder) {
    var wire = SecurityAssociationWire(value)
    wire.usage = value.usage
    wire.statistics = value.statistics
    switch dice.below(6) {
    case 0:
      message.append(.deleteAssociation) {
        $0.append(SecurityAssociationIDWire(value.id))
        $0.append(.association, wire)
        value.appendAttributes(to: &$0, form: .asReceived)
      }
    case 1:
      message.append(.expireAssociation) {
        $0.append(wire)
        $0.append(ExpiryTail(isHard: dice.chance(50)))
        value.appendAttributes(to: &$0, form: .asReceived)
      }
    case 2: message.append(.updateAssociation) { value.encode(into: &$0, form: .asReceived) }
    default: message.append(.newAssociation) { value.encode(into: &$0, form: .asReceived) }
    }
  }

  // MARK: Policies

  private mutating func policy() -> Policy {
    var value = dice.policy()
    value.selector = selector(of: value.selector.family, orAny: false)
    value.direction = .init(rawValue: UInt8(dice.below(7)))
    if dice.chance(80) { value.kind = dice.chance(50) ? .main : .sub }
    value.action = .init(rawValue: UInt8(dice.below(3)))
    for index in value.templates.indices {
      value.templates[index].share = UInt8(dice.below(5))
      value.templates[index].optional = UInt8(dice.below(3))
      if dice.chance(70) { value.templates[index].proto = .esp }
    }
    value.share = UInt8(dice.below(5))
    value.offload = nil
    value.securityContext = dice.maybe { $0.label() }
    value.usage = usage()
    for type in Policy.requestOrder where type != .policyType || dice.chance(70) {
      value.attributeSequence.append(type, isKnown: true)
    }
    return value
  }

  private mutating func append(_ value: Policy, to message: inout MessageBuilder) {
    var wire = PolicyWire(value)
    wire.usage = value.usage
    switch dice.below(6) {
    case 0:
      message.append(.deletePolicy) {
        $0.append(PolicyKeyWire(value.key))
        $0.append(.policy, wire)
        value.appendAttributes(to: &$0, form: .asReceived)
      }
    case 1:
      message.append(.expirePolicy) {
        $0.append(wire)
        $0.append(ExpiryTail(isHard: dice.chance(50)))
        value.appendAttributes(to: &$0, form: .asReceived)
      }
    case 2: message.append(.updatePolicy) { value.encode(into: &$0, form: .asReceived) }
    default: message.append(.newPolicy) { value.encode(into: &$0, form: .asReceived) }
    }
  }

  // MARK: Events

  private mutating func acquire() -> Acquire {
    var value = dice.acquire()
    value.selector = selector(of: value.selector.family, orAny: false)
    value.policy.offload = nil
    value.policy.securityContext = dice.maybe { $0.label() }
    value.cpu = nil
    return value
  }

  private mutating func mapping() -> AddressMappingWire {
    let family = dice.family()
    var wire = AddressMappingWire()
    wire.identity = SecurityAssociationIDWire(
      SecurityAssociationID(
        destination: dice.address(family), spi: .init(rawValue: dice.number()),
        proto: .init(rawValue: dice.number())))
    wire.requestID = dice.number()
    wire.oldSource = AddressWire(dice.address(family))
    wire.newSource = AddressWire(dice.address(family))
    wire.oldPort = dice.number()
    wire.newPort = dice.number()
    return wire
  }

  private mutating func appendReport(to message: inout MessageBuilder) {
    var wire = AddressReportWire()
    wire.proto = [.init(rawValue: 43), .init(rawValue: 60), .init(rawValue: 9)][dice.below(3)]
    wire.selector = SelectorWire(selector(of: dice.family(), orAny: false))
    message.append(wire)
    if dice.chance(50) { message.append(.careOfAddress, AddressWire(dice.address(.ipv6))) }
  }

  private mutating func appendFlush(to message: inout MessageBuilder) {
    if dice.chance(50) {
      message.append(.flushAssociations) {
        $0.append(dice.number() as UInt8)
        $0.append(zeros: 3)
      }
    } else {
      message.append(.flushPolicies) {
        if dice.chance(50) { Policy.Kind(rawValue: UInt8(dice.below(3))).encode(into: &$0) }
      }
    }
  }

  private mutating func appendRest(to message: inout MessageBuilder) {
    switch dice.below(3) {
    case 0:
      message.append(.getDefaultActions) {
        for _ in 0..<3 { $0.append(UInt8(dice.below(4))) }
        $0.append(zeros: 1)
      }
    case 1: message.append(.migrate) { dice.migration().encode(into: &$0) }
    default:
      // Among them what ends a list, of which nothing is printed.
      let type = MessageType(rawValue: [1, 3, 4, 36, 77, 500][dice.below(6)])
      message.append(type, flags: MessageFlags(rawValue: dice.number())) {
        for _ in 0..<dice.below(10) { $0.append(dice.number() as UInt32) }
      }
    }
  }

  // MARK: Parts

  private mutating func selector(of family: AddressFamily, orAny: Bool) -> Selector {
    if orAny, dice.chance(20) { return .unrestricted }
    var value = dice.selector(family)
    value.proto = .init(rawValue: [0, 1, 6, 17, 47, 58, 132, 135, 143, 255][dice.below(10)])
    value.interfaceIndex = interfaceIndex()
    if orAny, dice.chance(20) { value.family = .unspecified }
    return value
  }

  /// The loopback device's, or one that no device has.
  private mutating func interfaceIndex() -> Int32 { [0, 1, 1, 99_999, -5][dice.below(5)] }

  private mutating func usage() -> Usage {
    var usage = dice.usage()
    usage.addedAt = dice.time()
    usage.firstUsedAt = dice.time()
    return usage
  }
}

extension Dice {
  /// A time of a year that calendars have.
  fileprivate mutating func time() -> UInt64 {
    switch below(4) {
    case 0: 0
    case 1: .max
    default: next() % (1 << 36)
    }
  }

  fileprivate mutating func label() -> SecurityContext {
    let labels = ["", "system_u:object_r:ipsec_t:s0", "a\0b", "é"]
    return SecurityContext(label: labels[below(labels.count)])
  }
}
