internal import XFRMKit

extension Reader {
  /// What a connection or an entry says of its SAs.
  ///
  /// - Parameters:
  ///   - name: Of the connection or entry, for waivers.
  ///   - outer: The section about the outer header.
  ///   - proto: ESP, AH or IPComp.
  mutating func settings(
    _ node: YAMLNode, of name: String, outer: YAMLNode?, _ proto: IPProtocol, _ mode: Mode
  ) -> AssociationSettings {
    var settings = AssociationSettings()
    settings.extendedSequenceNumbers = node.flag("ext-seq-num")
    settings.replayWindow = node.number("anti-replay-window-size") ?? 64
    settings.sequenceMayWrap = node.flag("seq-overflow") ?? false
    settings.lifetime = lifetime(node)
    settings.encapsulation = encapsulation(node)
    settings.mark = mark(node, "mark")
    settings.outputMark = mark(node, "output-mark")
    settings.trafficFlowPadding = node.number("tfc-pad")
    if let outer { outerHeader(outer, &settings) }
    checkReplay(node, name, settings, proto)
    if settings.encapsulation != nil, proto != .esp {
      diagnostics.error(
        node.span("encapsulation-type"), "\(proto) cannot be wrapped in UDP or TCP",
        help: "remove it, or use esp")
    }
    if settings.trafficFlowPadding != nil, mode != .tunnel || proto != .esp {
      diagnostics.error(
        node.span("tfc-pad"), "only tunnels of esp can be padded", help: "set mode: tunnel")
    }
    return settings
  }

  /// A mark. No packet has one with bits outside its mask.
  mutating func mark(_ node: YAMLNode, _ key: String) -> Mark? {
    guard let mark = node.mark(key) else { return nil }
    func hexadecimal(_ number: UInt32) -> String { "0x\(String(number, radix: 16))" }
    if mark.value & ~mark.mask != 0 {
      let (value, mask) = (hexadecimal(mark.value), hexadecimal(mark.mask))
      diagnostics.error(
        node.span(key), "\(value) has bits outside \(mask)",
        help: "did you mean \(hexadecimal(mark.value & mark.mask))/\(mask)?")
    }
    return mark
  }

  private mutating func checkReplay(
    _ node: YAMLNode, _ name: String, _ settings: AssociationSettings, _ proto: IPProtocol
  ) {
    if proto == .ipComp {
      for key in ["ext-seq-num", "anti-replay-window-size", "seq-overflow"] where node[key] != nil {
        guard node.text(key) != "false" else { continue }
        diagnostics.error(node.span(key), "IPComp has no sequence numbers", help: "remove it")
      }
      return
    }
    let isExtended = settings.extendedSequenceNumbers ?? true
    if settings.sequenceMayWrap, isExtended {
      diagnostics.error(
        node.span("seq-overflow"), "extended sequence numbers never start again",
        help: "remove it, or set ext-seq-num: false")
    }
    guard settings.replayWindow == 0 else { return }
    if isExtended {
      diagnostics.error(
        node.span("anti-replay-window-size"), "extended sequence numbers take a window",
        help: "set 32 or more, or ext-seq-num: false")
    } else if waivers.noReplay[name] == nil {
      diagnostics.error(
        node.span("anti-replay-window-size"), "without a window anybody can replay packets",
        help: "set 32 or more; for a lab, name \(name) in waivers: no-anti-replay")
    } else {
      diagnostics.warning(
        node.span("anti-replay-window-size"), "\(name) accepts replayed packets, by waiver")
      watermarks.append("\(name) accepts replayed packets, by waiver")
    }
  }

  private mutating func outerHeader(_ node: YAMLNode, _ settings: inout AssociationSettings) {
    settings.copiesDSCP = node.flag("bypass-dscp") ?? true
    settings.clearsDontFragment = node.text("df-bit") == "clear"
    if node.text("df-bit") == "set" {
      diagnostics.error(
        node.span("df-bit"), "the kernel copies the DF bit or clears it; it cannot set it",
        help: "allowed: copy, clear")
    }
  }

  private mutating func encapsulation(_ node: YAMLNode) -> Encapsulation? {
    guard let section = node["encapsulation-type"], let word = section.text("espencap"),
      word != "none"
    else { return nil }
    var encapsulation = Encapsulation(
      word == "espinudp" ? .espInUDP : .espInTCP, sourcePort: section.number("sport") ?? 4500,
      destinationPort: section.number("dport") ?? 4500)
    encapsulation.originalAddress = section.address("oaddr")
    return encapsulation
  }

  // MARK: Lifetimes

  private mutating func lifetime(_ node: YAMLNode) -> Lifetime {
    var lifetime = Lifetime()
    let (hard, soft) = (node["sa-lifetime-hard"], node["sa-lifetime-soft"])
    if let hard { lifetime.hard = limits(hard) }
    if let soft { lifetime.soft = limits(soft) }
    guard let soft else { return lifetime }
    let limits = [
      ("time", lifetime.soft.secondsFromAdd, lifetime.hard.secondsFromAdd),
      ("bytes", lifetime.soft.bytes, lifetime.hard.bytes),
      ("packets", lifetime.soft.packets, lifetime.hard.packets),
    ]
    for (key, early, late) in limits where soft[key] != nil && hard?[key] != nil && early >= late {
      diagnostics.error(
        soft.span(key),
        "the soft limit of \(key) comes no sooner than the hard one: \(early), \(late)",
        help: "lower it: it is there to renew the SA in time")
    }
    return lifetime
  }

  /// With more the kernel's clock overflows, and an SA ends at once.
  static let mostSeconds: UInt64 = 1 << 32

  private mutating func limits(_ node: YAMLNode) -> Lifetime.Limits {
    var limits = Lifetime.Limits()
    limits.secondsFromAdd = node.text("time").flatMap { Numbers.seconds($0) } ?? 0
    limits.bytes = node.text("bytes").flatMap { Numbers.bytes($0) } ?? Lifetime.unlimited
    // To the kernel no second is no limit, and no byte the end at the first packet.
    for (key, value) in [("time", limits.secondsFromAdd), ("bytes", limits.bytes)]
    where value == 0 && node.text(key) != nil {
      diagnostics.error(
        node.span(key), "0 is no limit of \(key)", help: "leave it out for no limit")
    }
    if limits.secondsFromAdd > Self.mostSeconds {
      diagnostics.error(
        node.span("time"), "\(limits.secondsFromAdd) s is more than the kernel can count to",
        help: "at most \(Self.mostSeconds) s; leave it out for no limit")
    }
    limits.packets = node.number("packets") ?? Lifetime.unlimited
    return limits
  }

  // MARK: Algorithms

  /// Judges a proposal, and a key that stays the same.
  mutating func judge(
    _ proposal: ESPProposal, of name: String, at span: SourceSpan, isKeyStatic: Bool,
    _ settings: AssociationSettings
  ) {
    for (algorithm, level) in proposal.requirements { judge(algorithm, level, at: span) }
    if cryptoPolicy == .modern, !proposal.encrypts {
      diagnostics.error(
        span, "\(proposal) does not encrypt, and crypto-policy is modern",
        help: "use aes256gcm16, or another crypto-policy")
    } else if !proposal.encrypts {
      diagnostics.warning(
        span, "\(proposal) does not encrypt: whoever is on the way can read what \(name) carries",
        help: "aes256gcm16 encrypts")
    }
    if settings.sequenceMayWrap, proposal.isCounterMode {
      diagnostics.error(
        span, "\(proposal) with sequence numbers that start again uses IVs twice, which breaks it",
        help: "remove seq-overflow")
    }
    guard isKeyStatic, proposal.isCounterMode else { return }
    if waivers.counterMode[name] == nil {
      diagnostics.error(
        span, "\(proposal) counts, and a key that is installed twice gives both uses away",
        help:
          "use keys: generated, or aes256-sha256 (RFC 4106, RFC 8221); for a lab, name \(name) in "
          + "waivers: static-counter-mode-key")
    } else {
      let watermark = "\(name) has \(proposal) with a static key, by waiver: for a lab only"
      diagnostics.warning(span, watermark)
      watermarks.append(watermark)
    }
  }

  mutating func judge(_ algorithm: String, _ level: RequirementLevel?, at span: SourceSpan) {
    let says =
      level.map { "RFC 8221 says \($0) of \(algorithm)" }
      ?? "RFC 8221 says nothing of \(algorithm)"
    switch cryptoPolicy.judgement(level) {
    case .accepted: break
    case .questionable: diagnostics.warning(span, says, help: "aes256gcm16 is its first choice")
    case .refused:
      diagnostics.error(
        span, "\(says), and crypto-policy is \(cryptoPolicy.rawValue)",
        help: "use aes256gcm16 or aes256-sha256, or another crypto-policy")
    }
  }
}
