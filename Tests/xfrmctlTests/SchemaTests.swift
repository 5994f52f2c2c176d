import TestSupport
import Testing

@testable import Netlink
@testable import XFRMKit
@testable import XFRMLab
@testable import xfrmctl

/// Whether what is printed is what `Schemas/` promises.
@Suite("Schemas")
struct SchemaTests {
  @Test("have the names that are printed, and no others")
  func names() throws {
    try expectNames("association-list", ListDocument<SecurityAssociation>.self)
    try expectNames("policy-list", ListDocument<Policy>.self)
    try expectNames("sad-info", Document<SADInfo>.self)
    try expectNames("spd-info", Document<SPDInfo>.self)
    try expectNames("default-actions", Document<DefaultActions>.self)
    try expectNames("checkpoint", Document<AssociationCheckpoint>.self)
    try expectNames("statistics", Document<ErrorCounters>.self)
    try expectNames("event", EventRecord.self)
  }

  private func expectNames<T: Described>(_ schema: String, _ type: T.Type) throws {
    let printed = FieldTree(of: type).all.sorted()
    #expect(Set(printed).count == printed.count)
    #expect(try JSONSchema(named: schema).names() == printed)
  }

  @Test("take random lists of SAs, with keys and without", arguments: [false, true])
  func associations(_ showsKeys: Bool) throws {
    var dice = Dice(seed: showsKeys ? 1 : 2)
    let associations = (0..<400).map { _ in dice.association() }
    let text = try rendered(associations, KeyDisplay(showsKeys: showsKeys))
    let value = try expectValid(text, "association-list")
    #expect(value["associations"]?.elements?.count == 400)
  }

  @Test("take random lists of policies")
  func policies() throws {
    var dice = Dice(seed: 3)
    let policies = (0..<400).map { _ in dice.policy() }
    let value = try expectValid(rendered(policies, KeyDisplay()), "policy-list")
    #expect(value["policies"]?.elements?.count == 400)
  }

  @Test("take lists of nothing")
  func empty() throws {
    try expectValid(rendered([SecurityAssociation](), KeyDisplay()), "association-list")
    try expectValid(rendered([Policy](), KeyDisplay()), "policy-list")
  }

  @Test("take every announcement that was ever recorded, and random ones")
  func events() throws {
    var elements = Announcements.all
    let readable = elements.count { if case .event = $0 { true } else { false } }
    #expect(readable > 200)
    var dice = Dice(seed: 4)
    for _ in 0..<40 {
      for content in dice.contents() {
        elements.append(.event(XFRMEvent(content, sequence: dice.number())))
      }
    }
    elements.append(
      .snapshot(
        Snapshot(associations: [dice.association()], policies: [dice.policy()], isVerified: true),
        .overrun))
    let records =
      [EventRecord(element: nil, timestamp: .now)]
      + elements.map { EventRecord(element: $0, timestamp: Timestamp(seconds: dice.number())) }
    let schema = try JSONSchema(named: "event")
    for record in records {
      let line = ObjectRendering.line(record, keys: KeyDisplay())
      #expect(line.count { $0 == UInt8(ascii: "\n") } == 1)
      try expectValid(line, schema)
    }
  }

  @Test("take what commands print that make no list")
  func objects() throws {
    try expectValid(ObjectRendering.line(SADInfo()), "sad-info")
    var info = SPDInfo()
    try expectValid(ObjectRendering.line(info), "spd-info")
    info.thresholdIPv4 = SPDInfo.HashThreshold(local: 32, remote: 16)
    info.thresholdIPv6 = SPDInfo.HashThreshold(local: 128, remote: 64)
    try expectValid(ObjectRendering.line(info), "spd-info")
    try expectValid(ObjectRendering.line(DefaultActions(outgoing: .block)), "default-actions")
    let counters = ErrorCounters(parsing: "XfrmInError 1\nXfrmOutNoStates \(UInt64.max)\n")
    let value = try expectValid(ObjectRendering.line(counters), "statistics")
    #expect(value["counters"]?.elements?.last?["packets"] == .integer(Int128(UInt64.max)))
    var dice = Dice(seed: 5)
    let schema = try JSONSchema(named: "checkpoint")
    for _ in 0..<100 { try expectValid(ObjectRendering.line(dice.checkpoint()), schema) }
  }

  @Test("take what a demonstration saw, with the control and without")
  func demo() throws {
    let observation = SiteToSiteDemo.Observation()
    for control in [nil, observation] {
      for isProven in [false, true] {
        let demo = DemoJSON(observation, control: control, isProven: isProven)
        try expectValid(Array(try JSONOutput.text(demo).utf8), "lab-demo")
      }
    }
  }

  @discardableResult
  private func expectValid(_ bytes: [UInt8], _ schema: String) throws -> JSONValue {
    try expectValid(bytes, JSONSchema(named: schema))
  }

  @discardableResult
  private func expectValid(_ bytes: [UInt8], _ schema: JSONSchema) throws -> JSONValue {
    let value = try JSONValue(parsing: bytes)
    let complaints = try schema.complaints(about: value)
    #expect(complaints == [], "\(String(decoding: bytes.prefix(2000), as: UTF8.self))")
    return value
  }
}

/// A whole list in JSON.
func rendered<T: Listed>(
  _ entries: [T], _ keys: KeyDisplay, form: ListRendering.Form = .json, fields: [String] = []
) throws -> [UInt8] {
  var bytes: [UInt8] = []
  try ListRendering(form: form, fields: fields, keys: keys)
    .write(entries) { (chunk) throws(Failure) in bytes += chunk }
  return bytes
}

extension Dice {
  /// One of each kind.
  fileprivate mutating func contents() -> [XFRMEvent.Content] {
    let id = association().id
    return [
      .associationAdded(association()), .associationUpdated(association()),
      .associationDeleted(association()), .associationsFlushed(IPProtocol(rawValue: number())),
      .checkpoint(checkpoint()), .policyAdded(policy()), .policyUpdated(policy()),
      .policyDeleted(policy()), .policiesFlushed(Policy.Kind(rawValue: number())),
      .defaultActionsChanged(
        DefaultActions(incoming: DefaultActions.Action(rawValue: number()))),
      .acquire(acquire()), .migrated(migration()),
      .mapping(
        AddressMapping(
          id: id, requestID: number(), old: .init(id.destination, port: number()),
          new: .init(address(family()), port: number()))),
      .other(MessageType(rawValue: number()), payload: secret()),
    ]
  }
}

extension XFRMEvent {
  /// What the kernel would announce.
  init(_ content: Content, sequence: UInt32) {
    let header = MessageHeader(
      length: 16, type: MessageType(rawValue: 0), flags: [], sequence: sequence, port: 2)
    self.init(content: content, header: header)
  }
}
