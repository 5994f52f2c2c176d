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
    /// Bits of the algorithms that will do, by PF_KEY number; absent if all will.
    var authenticationMask: UInt32?
    var encryptionMask: UInt32?
    var compressionMask: UInt32?

    init(_ template: Template) {
      source = "\(template.source)"
      destination = "\(template.destination)"
      `protocol` = "\(template.proto)".lowercased()
      mode = "\(template.mode)".lowercased()
      requestID = template.requestID
      spi = template.spi == 0 ? nil : template.spi.rawValue
      isOptional = template.isOptional
      let masks = template.algorithms
      authenticationMask = masks.authentication == .max ? nil : masks.authentication
      encryptionMask = masks.encryption == .max ? nil : masks.encryption
      compressionMask = masks.compression == .max ? nil : masks.compression
    }
  }

  var selector: SelectorJSON
  var direction: String
  var action: String
  var type: String
  var priority: UInt32
  var index: UInt32
  var mark: String?
  var interfaceID: UInt32?
  var flags: [String]
  var offload: OffloadJSON?
  var templates: [TemplateJSON]
  var lifetime: LifetimeJSON?
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
    flags = policy.flagNames
    offload = policy.offload.map { OffloadJSON($0) }
    templates = policy.templates.map { TemplateJSON($0) }
    lifetime = LifetimeJSON(policy.lifetime)
    addedAt = Text.time(policy.usage.addedAt)
    otherAttributes = policy.otherAttributes.map(\.type.rawValue)
  }
}
