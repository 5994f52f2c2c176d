import XFRMKit

extension SecurityAssociation {
  /// A few lines that fit a terminal; a key is its length.
  var block: String {
    var lines = [Style.bold("\(proto) \(source) → \(destination)  SPI \(spi)")]
    var basics = ["\(mode)", "reqid \(requestID)"]
    if let direction { basics.append("direction \(direction)") }
    if let interfaceID { basics.append("if_id \(interfaceID)") }
    if let mark { basics.append("mark \(mark)") }
    basics.append(replayText)
    lines.append(basics.joined(separator: "  "))

    if let aead { lines.append("\(aead.name)  key \(aead.key)  ICV \(aead.checkBits) bits") }
    if let encryption { lines.append("\(encryption.name)  key \(encryption.key)") }
    if let authentication {
      let bits = authentication.truncationBits.map { "  ICV \($0) bits" } ?? ""
      lines.append("\(authentication.name)  key \(authentication.key)\(bits)")
    }
    if let compression { lines.append(compression.name) }
    if let encapsulation {
      lines.append(
        "\(encapsulation.kind)  port \(encapsulation.sourcePort) → "
          + "\(encapsulation.destinationPort)")
    }
    if selector.family != .unspecified, selector.source.length + selector.destination.length > 0 {
      lines.append("carries \(selector)")
    }
    lines.append(usage.text)
    if let trouble = statistics.text { lines.append(Style.yellow(trouble)) }
    return lines.joined(separator: "\n    ")
  }

  private var replayText: String {
    let window = extendedReplayState?.window ?? UInt32(replayWindow)
    let numbers = flags.contains(.extendedSequenceNumbers) ? "ESN, " : ""
    return "\(numbers)replay window \(window)"
  }
}

extension Usage {
  var text: String {
    let used = firstUsedAt == 0 ? "never used" : "used since \(Text.time(firstUsedAt))"
    return "\(Text.count(packets)) packets, \(Text.bytes(bytes))  "
      + "added \(Text.time(addedAt))  \(used)"
  }
}

extension SecurityAssociation.Statistics {
  /// What went wrong, if anything did.
  fileprivate var text: String? {
    let counts = [
      (integrityFailed, "failed the integrity check"), (replayed, "replayed"),
      (outsideReplayWindow, "outside the replay window"),
    ]
    let troubles = counts.filter { $0.0 > 0 }.map { "\(Text.count($0.0)) \($0.1)" }
    return troubles.isEmpty ? nil : "dropped: " + troubles.joined(separator: ", ")
  }
}
