import XFRMKit

/// What `xfrmctl policy` prints for people.
struct PolicyListing {
  private let relations: Relations?
  private let now: UInt64?

  /// - Parameters:
  ///   - policies: All that there are.
  ///   - associations: All that there are, or `nil` to leave out which ones a policy would use.
  ///   - now: In seconds since 1970, for ages.
  init(_ policies: [Policy], associations: [SecurityAssociation]?, now: UInt64? = nil) {
    relations = associations.map { Relations($0, policies) }
    self.now = now
  }

  /// A few lines for each.
  func text(_ policies: [Policy]) -> String {
    policies.isEmpty
      ? "No policies." : policies.map { block($0) }.joined(separator: "\n\n")
  }

  func block(_ policy: Policy) -> String {
    var block = Block(title: ["\(policy.direction)"] + policy.selector.parts)
    block.row("action", policy.basics, policy.isBypass ? .yellow : nil)
    for template in policy.templates {
      block.row("through", template.parts)
      if let relations { block.row("", uses(template, of: policy, relations)) }
    }
    block.row("limits", policy.lifetime.parts)
    block.row("added", policy.usage.addedAt == 0 ? [] : policy.times(now: now))
    block.row("also", policy.rarities)
    // Sockets of key managers have policies that let their packets pass, and are right to.
    if !policy.direction.isOfSocket { block.warn(policy.findings) }
    return block.text
  }

  private func uses(
    _ template: Template, of policy: Policy, _ relations: Relations
  ) -> [String] {
    let spis = relations.associations(for: template, of: policy).map { "\($0.spi)" }
    return spis.isEmpty
      ? ["no SA yet"] : ["uses SPI " + Text.abridge(spis).joined(separator: ", ")]
  }
}

extension Policy {
  /// `out 10.1.0.0/16 → 10.2.0.0/16`
  var title: String { "\(direction) \(selector)" }

  fileprivate var isBypass: Bool { action == .allow && templates.isEmpty }

  fileprivate var basics: [String] {
    var basics = [isBypass ? "bypass: lets packets pass in clear" : "\(action)"]
    basics += ["priority \(priority)", "index \(index)"]
    if kind != .main { basics.append("\(kind)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    if let names = flags.text { basics.append("flags \(names)") }
    return basics
  }

  fileprivate func times(now: UInt64?) -> [String] {
    let used =
      usage.firstUsedAt == 0 ? "never used" : "used since \(Text.time(usage.firstUsedAt))"
    return [Text.time(usage.addedAt, now: now), used]
  }

  fileprivate var rarities: [String] {
    var parts: [String] = []
    if let offload { parts.append(offload.text) }
    if let securityContext { parts.append("security context \(securityContext.printable)") }
    return parts + otherAttributes.parts
  }
}

extension Template {
  fileprivate var parts: [String] {
    var parts = ["\(proto)", "\(mode)"]
    if mode.hasOuterAddresses { parts.append("\(source) → \(destination)") }
    parts.append("reqid \(requestID)")
    if spi != 0 { parts.append("SPI \(spi)") }
    if isOptional { parts.append("if there is an SA") }
    let masks = [
      ("authentication", algorithms.authentication), ("encryption", algorithms.encryption),
      ("compression", algorithms.compression),
    ]
    return parts
      + masks.filter { $0.1 != .max }.map { "\($0) algorithms \(Text.hex($1))" }
  }
}
