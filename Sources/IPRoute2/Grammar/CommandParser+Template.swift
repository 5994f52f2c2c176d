internal import Netlink
internal import XFRMKit

extension CommandParser {
  /// What stands behind `tmpl`: it ends at the first word that belongs elsewhere.
  ///
  /// - Parameter count: How many templates there are already.
  mutating func template(after count: Int) throws(SyntaxError) -> Template {
    guard next < words.count else { throw incomplete(expected: "a template") }
    let before = preferredFamily
    var template = Template(
      from: .v4(0), to: .v4(0), proto: .any, mode: .transport, requestID: 0)
    var hasIdentity = false
    var isUnique = false
    loop: while let word = take() {
      switch word {
      case "mode": template.mode = try mode()
      case "reqid": template.requestID = try number("REQID value is invalid")
      case "level": isUnique = try level(of: &template)
      case "share" where isNative: template.share = try share()
      case "enc-mask" where isNative: template.algorithms.encryption = try number(after: word)
      case "auth-mask" where isNative: template.algorithms.authentication = try number(after: word)
      case "comp-mask" where isNative: template.algorithms.compression = try number(after: word)
      default:
        putBack()
        guard !hasIdentity else { break loop }
        hasIdentity = true
        preferredFamily = .unspecified
        let identity = try identity()
        template.proto = identity.proto ?? .any
        template.spi = identity.spi ?? 0
        let family = identity.family ?? before
        template.source = identity.source?.address ?? .unspecified(family)
        template.destination = identity.destination?.address ?? .unspecified(family)
        preferredFamily = family
      }
    }
    if !hasIdentity {
      template.source = .unspecified(before)
      template.destination = .unspecified(before)
    }
    template.family = hasIdentity ? preferredFamily : before
    if isUnique, template.requestID == 0 {
      throw impossible(
        "level unique needs a reqid: the kernel chooses none", at: next, expected: "reqid N")
    }
    // As many as its buffer has room for; the kernel takes six.
    guard count < 16 else { throw impossible("Too many tmpls: buffer overflow") }
    return template
  }

  /// How much a template demands; `true` for `unique`, an SA that this policy alone uses.
  private mutating func level(of template: inout Template) throws(SyntaxError) -> Bool {
    let word = try argument("required or use")
    switch word {
    case "required": template.isOptional = false
    case "use": template.isOptional = true
    case "unique" where isNative:
      template.isOptional = false
      template.share = 3
      return true
    default:
      throw wrong(
        "LEVEL value is invalid", expected: isNative ? "unique, required or use" : "required or use"
      )
    }
    return false
  }
}
