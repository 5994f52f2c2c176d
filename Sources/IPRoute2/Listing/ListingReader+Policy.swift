internal import XFRMKit

extension ListingReader {
  /// - Parameter first: Behind its first word.
  mutating func readPolicy(_ first: ListingLine) throws(ListingError) {
    var line = first
    var policy = Policy(try selector(&line), direction: .incoming)
    if continuation("security") != nil { policy.securityContext = Self.unknownContext }
    line = try requiredContinuation(of: line, "“dir” or “socket”")
    let isOfSocket = line.take("socket")
    if !isOfSocket { try line.require("dir") }
    policy.direction = Policy.Direction(
      rawValue: try line.number("“in”, “out” or “fwd”") {
        $0 > 2 ? nil : Policy.Direction(rawValue: $0).word
      })
    try readRule(&line, &policy)
    while let line = continuation() { try read(line, into: &policy) }
    if !isOfSocket { listing.policies.append(policy) }
  }

  private func readRule(
    _ line: inout ListingLine, _ policy: inout Policy
  ) throws(ListingError) {
    if line.take("action") {
      policy.action = Policy.Action(
        rawValue: try line.number("an action") { ["allow", "block"].element(at: $0) })
    }
    if line.take("index") { policy.index = try line.number() }
    try line.require("priority")
    policy.priority = try line.number()
    if line.take("ptype") {
      policy.kind = Policy.Kind(
        rawValue: try line.number("a type of policy") { Policy.Kind(rawValue: $0).word })
    }
    if line.take("share") { policy.share = try line.number("a way to share", named: shareWord) }
    if line.take("flag") {
      policy.flags = .init(
        rawValue: UInt8(
          truncatingIfNeeded: try Self.flags(&line, IPText.policyFlagWords).flags))
    }
    if line.peek?.hasPrefix("(") == true { line.skip() }
    try line.finish()
  }

  private mutating func read(
    _ first: ListingLine, into policy: inout Policy
  ) throws(ListingError) {
    var line = first
    switch try line.word("something about a policy") {
    case "lifetime": return try readLifetime(line, &policy.lifetime)
    case "mark": policy.mark = try Self.mark(&line)
    case "tmpl":
      policy.templates.append(try readTemplate(&line))
      return
    case "crypto": policy.offload = try offload(&line)
    case "if_id": policy.interfaceID = try line.number()
    case "pcpu-num": line.skip()
    default: throw first.error("something about a policy")
    }
    try line.finish()
  }

  /// - Parameter line: Behind `tmpl`; the rest stands below.
  private mutating func readTemplate(_ line: inout ListingLine) throws(ListingError) -> Template {
    try line.require("src")
    let ends = try readEnds(&line)
    let spi = line.take("spi") ? SPI(rawValue: try line.number()) : 0
    try line.require("reqid")
    let requestID: UInt32 = try line.number()
    try line.require("mode")
    var template = Template(
      from: ends.source, to: ends.destination, proto: ends.proto, mode: try Self.mode(&line),
      requestID: requestID)
    template.spi = spi
    try line.finish()
    if var line = continuation("level") {
      _ = line.take("level")
      template.isOptional =
        try line.number("a level") { ["required", "use"].element(at: $0) } != 0
      if line.take("share") { template.share = try line.number("a way to share", named: shareWord) }
      try line.finish()
    }
    if var line = continuation("enc-mask") {
      let masks: [(String, WritableKeyPath<Template.AlgorithmMasks, UInt32>)] = [
        ("enc-mask", \.encryption), ("auth-mask", \.authentication), ("comp-mask", \.compression),
      ]
      for (word, mask) in masks {
        try line.require(word)
        template.algorithms[keyPath: mask] = try line.value("a mask") { UInt32($0, radix: 16) }
      }
      try line.finish()
    }
    return template
  }
}

extension [StaticString] {
  fileprivate func element(at number: UInt8) -> StaticString? {
    number < count ? self[Int(number)] : nil
  }
}
