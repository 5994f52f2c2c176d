import XFRMKit

/// `xfrmctl policy list --json`
struct PolicyListJSON: Encodable {
  var version = 1
  var policies: [PolicyJSON]

  init(_ policies: [Policy]) { self.policies = policies.map { PolicyJSON($0) } }
}

struct PolicyJSON: Encodable {
  struct TemplateJSON: Encodable {
    var source: String
    var destination: String
    var `protocol`: String
    var mode: String
    var requestID: UInt32
    var spi: UInt32?
    var isOptional: Bool
  }

  var selector: SelectorJSON
  var direction: String
  var action: String
  var type: String
  var priority: UInt32
  var index: UInt32
  var mark: String?
  var interfaceID: UInt32?
  var templates: [TemplateJSON]
  var addedAt: String
  var otherAttributes: [UInt16]

  init(_ policy: Policy) {
    selector = SelectorJSON(policy.selector)
    direction = "\(policy.direction)"
    action = "\(policy.action)"
    type = "\(policy.kind)"
    priority = policy.priority
    index = policy.index
    mark = policy.mark.map { "\($0)" }
    interfaceID = policy.interfaceID
    templates = policy.templates.map {
      TemplateJSON(
        source: "\($0.source)", destination: "\($0.destination)",
        protocol: "\($0.proto)".lowercased(), mode: "\($0.mode)".lowercased(),
        requestID: $0.requestID, spi: $0.spi == 0 ? nil : $0.spi.rawValue,
        isOptional: $0.isOptional)
    }
    addedAt = Text.time(policy.usage.addedAt)
    otherAttributes = policy.otherAttributes.map(\.type.rawValue)
  }
}
