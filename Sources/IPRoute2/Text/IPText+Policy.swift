internal import Netlink
internal import XFRMKit

extension IPText {
  /// - Parameters:
  ///   - indent: In front of each line but the first, and of those that iproute2 never indents.
  ///   - cpu: Of an acquire, which has it among the policy's attributes.
  mutating func appendEntry(_ policy: Policy, indent: StaticString = "", cpu: UInt32? = nil) {
    append(policy.selector, orOf: .unspecified)
    if let context = policy.securityContext { append(context) }
    out.append(indent)
    appendRule(policy)
    if tellsNumbers { append(policy.lifetime, policy.usage, indent: indent) }
    if let mark = policy.mark {
      out.append("\t")
      append(mark)
      endLine()
    }
    for template in policy.templates { append(template, indent: indent) }
    if let offload = policy.offload { append(offload, tellsDirection: false, indent: indent) }
    if let interfaceID = policy.interfaceID { append(interfaceID: interfaceID, indent: indent) }
    if let cpu { append(cpu: cpu, indent: indent) }
  }

  private mutating func appendRule(_ policy: Policy) {
    out.append(policy.direction.isOfSocket ? "\tsocket " : "\tdir ")
    append(policy.direction.word, or: policy.direction.number)
    switch policy.action {
    case .allow: if tellsNumbers { out.append(" action allow") }
    case .block: out.append(" action block")
    default:
      out.append(" action ")
      out.append(decimal: policy.action.rawValue)
    }
    if tellsNumbers {
      out.append(" index ")
      out.append(decimal: policy.index)
    }
    out.append(" priority ")
    out.append(decimal: policy.priority)
    out.append(" ")
    if policy.isKindTold { append(policy.kind) }
    if tellsNumbers { append(share: policy.share) }
    if tellsNumbers || !policy.flags.isEmpty {
      out.append("flag ")
      append(flags: UInt32(policy.flags.rawValue), Self.policyFlagWords)
    }
    if tellsNumbers {
      out.append(" (0x")
      append(bits: policy.flags.rawValue)
      out.append(")")
    }
    endLine()
  }

  mutating func append(_ kind: Policy.Kind) {
    out.append("ptype ")
    append(kind.word, or: kind.rawValue)
    out.append(" ")
  }

  private mutating func append(share: UInt8) {
    out.append("share ")
    append(shareWord(share), or: share)
    out.append(" ")
  }

  private mutating func append(_ template: Template, indent: StaticString) {
    out.append(indent)
    out.append("\ttmpl ")
    appendIdentity(
      from: template.source, to: template.destination, of: template.family, spi: template.spi,
      proto: template.proto, mode: template.mode, requestID: template.requestID,
      indent: indent, tabs: "\t\t")
    if tellsNumbers || template.isOptional {
      out.append(indent)
      out.append("\t\tlevel ")
      append(Self.levelWord(template.optional), or: template.optional)
      out.append(" ")
      if tellsNumbers { append(share: template.share) }
      endLine()
    }
    if tellsNumbers {
      out.append(indent)
      out.append("\t\t")
      append(template.algorithms)
      endLine()
    }
  }

  mutating func append(_ masks: Template.AlgorithmMasks) {
    out.append("enc-mask ")
    out.append(hex: masks.encryption, digits: 8)
    out.append(" auth-mask ")
    out.append(hex: masks.authentication, digits: 8)
    out.append(" comp-mask ")
    out.append(hex: masks.compression, digits: 8)
  }

  private static func levelWord(_ optional: UInt8) -> StaticString? {
    switch optional {
    case 0: "required"
    case 1: "use"
    default: nil
    }
  }

  static let policyFlagWords: [(bit: UInt32, word: StaticString)] = [
    (1, "localok"), (2, "icmp"),
  ]
}
