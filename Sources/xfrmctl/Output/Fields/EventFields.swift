import XFRMKit

/// One line of `monitor --json`.
struct EventRecord {
  /// `nil` in the first line, which says how to read the others.
  var element: XFRMEvents.Element?
  /// When it was read.
  var timestamp: Timestamp
}

extension EventRecord: Described {
  static func fields<V: FieldVisitor>(of value: Self?, _ field: inout V) {
    let parts = value.map { EventParts($0.element) }
    field("event", parts.map { EventWord(word: .word($0.name)) })
    field("timestamp", value?.timestamp)
    field("version", parts.flatMap { $0.isStart ? schemaVersion : nil })
    let salt = parts?.isStart == true ? field.keys.fingerprint.salt : nil
    field("fingerprintSalt", salt?.hexadecimal)
    field("sequence", parts?.sequence)
    field("port", parts?.port)
    field("association", parts?.association)
    field("policy", parts?.policy)
    field("isHard", parts?.isHard)
    field("protocol", parts?.flushed)
    field("type", parts?.flushedKind)
    field("checkpoint", parts?.checkpoint)
    field("mapping", parts?.mapping)
    field("defaultActions", parts?.defaultActions)
    field("acquire", parts?.acquire)
    field("migration", parts?.migration)
    field("report", parts?.report)
    field("messageType", parts?.messageType)
    field("payloadBytes", parts?.payloadBytes)
    field("reason", parts?.reason)
    field("isVerified", parts?.isVerified)
    field("associations", parts?.associations)
    field("policies", parts?.policies)
    field("problem", parts?.problem)
  }
}

private struct EventWord: Worded {
  var word: Scalar
}

/// What kinds of lines have; each has a few of them.
private struct EventParts {
  var name: StaticString = "start"
  var isStart = false
  var sequence: UInt32?
  var port: UInt32?
  var association: SecurityAssociation?
  var policy: Policy?
  var isHard: Bool?
  var flushed: EventWord?
  var flushedKind: Policy.Kind?
  var checkpoint: AssociationCheckpoint?
  var mapping: AddressMapping?
  var defaultActions: DefaultActions?
  var acquire: Acquire?
  var migration: Migration?
  var report: AddressReport?
  var messageType: UInt16?
  var payloadBytes: UInt?
  var reason: EventWord?
  var isVerified: Bool?
  var associations: [SecurityAssociation]?
  var policies: [Policy]?
  var problem: String?

  init(_ element: XFRMEvents.Element?) {
    switch element {
    case nil: isStart = true
    case .event(let event):
      sequence = event.sequence
      port = event.port
      take(event.content)
    case .snapshot(let snapshot, let why):
      name = "snapshot"
      reason = EventWord(word: why == .start ? .word("start") : .word("overrun"))
      isVerified = snapshot.isVerified
      associations = snapshot.associations
      policies = snapshot.policies
    case .unreadable(let error):
      name = "unreadable"
      problem = "\(error)"
    }
  }

  private mutating func take(_ content: XFRMEvent.Content) {
    switch content {
    case .associationAdded(let value): (name, association) = ("association-added", value)
    case .associationUpdated(let value): (name, association) = ("association-updated", value)
    case .associationDeleted(let value): (name, association) = ("association-deleted", value)
    case .associationsFlushed(let proto):
      name = "associations-flushed"
      // What a flush calls so is no protocol elsewhere.
      flushed = EventWord(word: proto == .ipsec ? .word("ipsec") : proto.word)
    case .associationExpired(let expiry):
      (name, association, isHard) = ("association-expired", expiry.association, expiry.isHard)
    case .policyAdded(let value): (name, policy) = ("policy-added", value)
    case .policyUpdated(let value): (name, policy) = ("policy-updated", value)
    case .policyDeleted(let value): (name, policy) = ("policy-deleted", value)
    case .policiesFlushed(let kind): (name, flushedKind) = ("policies-flushed", kind)
    case .policyExpired(let expiry):
      (name, policy, isHard) = ("policy-expired", expiry.policy, expiry.isHard)
    case .checkpoint(let value): (name, checkpoint) = ("checkpoint", value)
    case .mapping(let value): (name, mapping) = ("mapping", value)
    case .defaultActionsChanged(let value):
      (name, defaultActions) = ("default-actions-changed", value)
    case .acquire(let value): (name, acquire) = ("acquire", value)
    case .migrated(let value): (name, migration) = ("migrated", value)
    case .report(let value): (name, report) = ("report", value)
    case .other(let type, let payload):
      (name, messageType) = ("other", type.rawValue)
      payloadBytes = UInt(payload.count)
    }
  }
}
