import XFRMDiagnosis

/// What becomes of a packet, for people: in 80 columns.
struct PacketExplanationText {
  private static let width = 80
  private static let indent = 9

  let explanation: PacketExplanation

  init(_ explanation: PacketExplanation) { self.explanation = explanation }

  private var query: PacketQuery { explanation.query }

  /// The packet and its fate, then what was hit, then what was not.
  var lines: [String] {
    [heading, Self.capitalized(explanation.fate.words) + ".", ""].flatMap {
      $0.isEmpty ? [""] : Text.wrap($0, width: Self.width)
    } + policies + choices + tie + others
  }

  private var heading: String {
    var parts = [query.packet.description, "\(query.direction)"]
    if query.mark != 0 { parts.append("mark \(Text.hex(query.mark))") }
    if query.interfaceID != 0 { parts.append("interface ID \(query.interfaceID)") }
    return parts.joined(separator: ", ")
  }

  private static func capitalized(_ text: String) -> String {
    "The packet " + text
  }

  private var policies: [String] {
    if explanation.policies.isEmpty {
      return Self.block("policy", ["none is for it; the default action counts"])
    }
    return explanation.policies.flatMap { policy in
      Self.block("policy", [Self.name(policy), "\(policy.action)" + Self.templates(policy)])
    }
  }

  private static func name(_ policy: Policy) -> String {
    let index = policy.index == 0 ? "" : ", index \(policy.index)"
    return "\(policy.selector) \(policy.direction)"
      + (policy.kind == .main ? "" : " \(policy.kind)") + ", priority \(policy.priority)" + index
  }

  private static func templates(_ policy: Policy) -> String {
    policy.action == .allow && policy.templates.isEmpty ? ", in clear" : ""
  }

  private var choices: [String] {
    explanation.choices.flatMap { choice in
      Self.block("asks for", [Self.words(choice.template)])
        + Self.block("SA", Self.association(choice) + Self.losers(choice))
    }
  }

  private static func words(_ template: Template) -> String {
    let ends =
      template.mode.hasOuterAddresses ? " \(template.source) → \(template.destination)" : ""
    return "\(template.proto) \(template.mode)\(ends) request ID \(template.requestID)"
      + (template.spi == 0 ? "" : " SPI \(template.spi)")
      + (template.isOptional ? ", optional" : "")
  }

  private static func association(_ choice: AssociationChoice) -> [String] {
    guard let association = choice.association else {
      return [choice.isAwaited ? "none yet: asked for" : "none"]
    }
    let more = choice.alternatives.count
    return [
      "SPI \(association.spi) \(association.source) → \(association.destination)"
        + (more == 0 ? "" : ", before \(Text.count(more)) more that would do")
    ]
  }

  /// Those that lead elsewhere need no word.
  private static func losers(_ choice: AssociationChoice) -> [String] {
    guard choice.association == nil else { return [] }
    let near = choice.mismatches.filter { ![.proto, .family, .destination].contains($0.mismatch) }
    let far = choice.mismatches.count - near.count
    let lines = near.prefix(8).map { association, mismatch in
      "not SPI \(association.spi): \(mismatch.words(of: association, for: choice.template))"
    }
    let rest = near.count - lines.count
    return lines + (rest == 0 ? [] : ["nor \(Text.count(rest)) more that do not do"])
      + (far == 0 ? [] : ["nor \(Text.count(far)) more, which lead elsewhere"])
  }

  private var tie: [String] {
    explanation.isTied
      ? Self.block(
        "note",
        [
          "others of the same priority are for it, too; the oldest counts, but no list tells "
            + "whether one was replaced since"
        ]) : []
  }

  private var others: [String] {
    let most = 20
    let losing = explanation.otherPolicies
    let lines = losing.prefix(most).flatMap { losing in
      Self.block("not", ["\(Self.name(losing.policy)): \(losing.words)"])
    }
    guard losing.count > most else { return lines }
    return lines + Self.block("not", ["\(Text.count(losing.count - most)) more"])
  }

  /// Paragraphs behind a word.
  private static func block(_ word: String, _ paragraphs: [String]) -> [String] {
    let lines = paragraphs.flatMap { Text.wrap($0, width: width - indent - 1) }
    return lines.enumerated().map { number, line in
      Text.padLeft(number == 0 ? word : "", indent) + " " + line
    }
  }
}

extension PacketExplanation.LosingPolicy {
  /// Why it is not applied.
  var words: String {
    switch reason {
    case .mismatch(let mismatch): mismatch.words(of: policy)
    case .lowerPriority: "higher number as its priority"
    case .later: "same priority, but comes later"
    case .notReached: "not reached"
    }
  }
}

extension PacketFlow {
  /// `10.1.0.2 → 10.2.0.2 UDP from port 5000 to port 53`
  fileprivate var description: String {
    var selector = Selector(from: IPPrefix(source), to: IPPrefix(destination), proto: proto)
    if sourcePort != 0 { selector.sourcePort = Selector.Port(sourcePort) }
    if destinationPort != 0 { selector.destinationPort = Selector.Port(destinationPort) }
    let words = selector.parts.dropFirst().joined(separator: " ")
    return "\(source) → \(destination)" + (proto == .any ? "" : " \(proto)")
      + (words.isEmpty ? "" : " \(words)")
  }
}
