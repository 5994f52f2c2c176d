import Netlink
import Testing

@testable import XFRMKit

/// iproute2's requests against ours. Each is read, and what it says is asked for anew.
@Suite("Requests as iproute2 7.1 sends them")
struct OracleTests {
  @Test("are the same bytes, but for what is listed", arguments: Fixtures.requests)
  func same(request: Fixtures.Message) throws {
    let (ours, differences) = try encode(request)
    let theirs = Self.normalized(request.bytes, differences)
    #expect(Self.normalized(ours, differences) == theirs)
    // What is listed must be there, or the list says too much.
    if !differences.isEmpty { #expect(ours != request.bytes) }
  }

  @Test("are all there, most of them byte for byte")
  func counts() throws {
    #expect(Fixtures.requests.count == 158)
    let identical = try Fixtures.requests.filter { try encode($0).differences.isEmpty }.count
    #expect(identical >= 95)
  }

  /// What XFRMKit does otherwise on purpose.
  enum Difference {
    /// iproute2 describes algorithms in the order of its words; we in the kernel's.
    case order
    /// iproute2 asks for one object without an acknowledgement and takes the reply for it. We have
    /// every request acknowledged, so that a reply which got lost is known from one that never was.
    case acknowledgement
    /// iproute2 names the source of an SA that it asks for, though kernels look at it for the Mobile
    /// IPv6 protocols only.
    case source
    /// iproute2 sends an address filter that filters nothing.
    case filter
    /// iproute2 sets limits to 0 where the kernel ignores them; ours are what they are elsewhere.
    case limits
    /// iproute2 says that a policy is a main one if its words do; we leave it to the kernel.
    case mainType
  }

  // MARK: Asking anew

  private func encode(
    _ request: Fixtures.Message
  ) throws -> (bytes: [UInt8], differences: Set<Difference>) {
    var differences: Set<Difference> = []
    let asked = try ask(for: request, &differences)
    var message = MessageBuilder()
    let isDump = request.bytes[7] & 3 == 3
    let isAnswered = [18, 21, 22, 35, 37, 40].contains(request.type.rawValue) && !isDump
    if isAnswered { differences.insert(.acknowledgement) }
    asked(&message, isDump ? .dump : .acknowledge)
    #expect(message.failure == nil)
    if attributes(request.bytes).map(\.type) != attributes(message.bytes.array).map(\.type),
      attributes(request.bytes).map(\.type).sorted()
        == attributes(message.bytes.array).map(\.type).sorted()
    {
      differences.insert(.order)
    }
    return (message.bytes.array, differences)
  }

  private typealias Asking = (inout MessageBuilder, MessageFlags) -> Void

  private func ask(
    for request: Fixtures.Message, _ differences: inout Set<Difference>
  ) throws -> Asking {
    var messages = MessageReader(request.bytes.span)
    guard let message = try messages.next() else { throw MalformedMessage.unterminatedText(at: 0) }
    var reader = message.reader
    let isDump = request.bytes[7] & 3 == 3
    switch request.type {
    case .newAssociation: return asking(.addAssociation(try SecurityAssociation(from: reader)))
    case .updateAssociation:
      return asking(.updateAssociation(try SecurityAssociation(from: reader)))
    case .newPolicy:
      if attributes(request.bytes).contains(where: { $0.type == 16 && $0.bytes[4] == 0 }) {
        differences.insert(.mainType)
      }
      return asking(.addPolicy(try Policy(from: reader)))
    case .updatePolicy: return asking(.updatePolicy(try Policy(from: reader)))
    case .flushAssociations:
      return asking(.flushAssociations(IPProtocol(rawValue: try reader.read())))
    case .flushPolicies: return asking(.flushPolicies(.main))
    case .setDefaultActions: return asking(.setDefaultActions(try reader.read()))
    case .getDefaultActions: return asking(.defaultActions)
    case .getSPDInfo: return asking(.spdInfo)
    case .newSPDInfo: return asking(.setHashThresholds(ipv4: nil, ipv6: nil))
    case .getPolicy where isDump: return asking(.policies)
    case .getAssociation where isDump:
      return asking(.associations(try filter(reader, &differences)))
    case .deleteAssociation: return asking(.deleteAssociation(try id(reader, &differences)))
    case .getAssociation: return asking(.association(try id(reader, &differences)))
    case .deletePolicy: return asking(.deletePolicy(try key(reader)))
    case .getPolicy: return asking(.policy(try key(reader)))
    case .allocateSPI:
      differences.insert(.limits)
      return asking(.allocateSPI(try spiRequest(reader)))
    default:
      Issue.record("request type \(request.type.rawValue)")
      return { _, _ in }
    }
  }

  private func asking(_ operation: XFRMKit.Operation) -> Asking {
    { $0.append(operation, flags: $1) }
  }

  private func asking(_ query: Query) -> Asking {
    { $0.append(query, flags: $1) }
  }

  // MARK: Reading what only requests have

  private func filter(
    _ reader: ByteReader, _ differences: inout Set<Difference>
  ) throws -> AssociationFilter {
    var filter = AssociationFilter()
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      if attribute.type == .dumpProtocol {
        filter.proto = IPProtocol(rawValue: try payload.read())
        continue
      }
      let wire: AddressFilterWire = try payload.read()
      filter.family = wire.family
      if wire.sourceLength > 0 {
        filter.source = IPPrefix(wire.saddr.address(wire.family), length: wire.sourceLength)
      }
      if wire.destinationLength > 0 {
        filter.destination = IPPrefix(
          wire.daddr.address(wire.family), length: wire.destinationLength)
      }
      if wire.family == .unspecified { differences.insert(.filter) }
    }
    return filter
  }

  private func id(
    _ reader: ByteReader, _ differences: inout Set<Difference>
  ) throws -> SecurityAssociationID {
    var reader = reader
    let wire: SecurityAssociationIDWire = try reader.read()
    var id = try wire.id(at: 16)
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      if attribute.type == .mark {
        id.mark = try payload.read(Mark.self)
      } else {
        id.source = try payload.read(AddressWire.self).address(id.destination.family)
        differences.insert(.source)
      }
    }
    return id
  }

  private func key(_ reader: ByteReader) throws -> PolicyKey {
    var reader = reader
    let wire: PolicyKeyWire = try reader.read()
    var key = PolicyKey(
      wire.selector.selector(assuming: .ipv4), direction: wire.direction)
    key.index = wire.index
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .mark: key.mark = try payload.read(Mark.self)
      case .interfaceID: key.interfaceID = try payload.read()
      case .policyType: key.kind = try payload.read(PolicyKindWire.self).kind
      case .securityContext: key.securityContext = try SecurityContext(from: &payload)
      case let type: Issue.record("attribute \(type.rawValue)")
      }
    }
    return key
  }

  private func spiRequest(_ reader: ByteReader) throws -> SPIRequest {
    var reader = reader
    let wire: SecurityAssociationWire = try reader.read()
    let association = try SecurityAssociation(wire, at: 16)
    let (least, most): (UInt32, UInt32) = (try reader.read(), try reader.read())
    var request = SPIRequest(
      from: association.source, to: association.destination, proto: association.proto,
      mode: association.mode, range: least...most)
    request.requestID = association.requestID
    request.sequence = association.sequence
    var attributes = AttributeReader(reader)
    while let attribute = try attributes.next() {
      var payload = attribute.reader
      switch attribute.type {
      case .mark: request.mark = try payload.read(Mark.self)
      case .cpu: request.cpu = try payload.read()
      case .direction:
        request.direction = SecurityAssociation.Direction(rawValue: try payload.read())
      case let type: Issue.record("attribute \(type.rawValue)")
      }
    }
    return request
  }

  // MARK: Comparing

  private struct Attribute {
    var type: Int
    var bytes: [UInt8]
  }

  /// Attributes found without the code under test; none for what has no fixed part or is too short.
  private func attributes(_ bytes: [UInt8]) -> [Attribute] { Self.split(bytes).attributes }

  private static func split(_ bytes: [UInt8]) -> (head: [UInt8], attributes: [Attribute]) {
    let fixed =
      switch (bytes[4], bytes[7] & 3 == 3) {
      case (18, true), (21, true): 0
      case (16, _), (26, _): 224
      case (19, _), (25, _): 168
      case (17, _), (18, _): 24
      case (20, _), (21, _): 64
      case (22, _): 232
      default: bytes.count - 16
      }
    var attributes: [Attribute] = []
    var offset = 16 + fixed
    while offset + 4 <= bytes.count {
      let length = Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
      let type = Int(bytes[offset + 2]) | Int(bytes[offset + 3]) << 8
      let end = min(bytes.count, offset + (length + 3) & ~3)
      attributes.append(Attribute(type: type, bytes: Array(bytes[offset..<end])))
      offset = end
    }
    return (Array(bytes[..<min(bytes.count, 16 + fixed)]), attributes)
  }

  /// The request without what differs on purpose.
  private static func normalized(_ bytes: [UInt8], _ differences: Set<Difference>) -> [UInt8] {
    guard !differences.isEmpty else { return bytes }
    var (head, attributes) = split(bytes)
    if differences.contains(.order) { attributes.sort { $0.type < $1.type } }
    if differences.contains(.acknowledgement) { head[6] |= 4 }
    if differences.contains(.source) { attributes.removeAll { $0.type == 13 } }
    if differences.contains(.filter) { attributes.removeAll { $0.type == 26 } }
    if differences.contains(.limits) {
      head.replaceSubrange(112..<144, with: repeatElement(0xff, count: 32))
    }
    if differences.contains(.mainType) { attributes.removeAll { $0.type == 16 } }
    var whole = head + attributes.flatMap(\.bytes)
    whole[0] = UInt8(truncatingIfNeeded: whole.count)
    whole[1] = UInt8(truncatingIfNeeded: whole.count >> 8)
    return whole
  }
}
